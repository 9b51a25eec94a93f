"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { EffectChart } from "#components/experiments/effect-chart.tsx";
import type { Experiment } from "#components/experiments/experiment-list.tsx";
import { Dimensions, History } from "#components/experiments/history.tsx";
import { KIND_TITLE } from "#components/experiments/labels.ts";
import { MetricTable } from "#components/experiments/metric-table.tsx";
import { VerdictCard } from "#components/experiments/verdict-card.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ACTIONS, TRANSITIONS } from "#lib/contract/experiment-plans.ts";
import type { Results } from "#lib/experiments/read-results.ts";
import { pValueText } from "#lib/format/share.ts";

const REREAD_MS = 15_000;

function Actions({ experiment, onMoved }: { experiment: Experiment; onMoved: (now: Experiment) => void }) {
  const move = useMutation({
    mutationFn: (action: string) =>
      api<Experiment>(`/experiments/${experiment.id}/status`, { method: "POST", body: { action } }),
    onSuccess: onMoved,
  });
  return (
    <span className="flex flex-wrap items-center gap-2 print:hidden">
      {experiment.status === "draft" && (
        <Link className="text-sm underline" href={`/experiments/${experiment.id}/edit`}>
          Edit the plan
        </Link>
      )}
      {ACTIONS.filter((action) => TRANSITIONS[action].from.includes(experiment.status)).map((action) => (
        <Button
          key={action}
          variant={action === "start" ? "primary" : "plain"}
          className="h-8 capitalize"
          disabled={move.isPending}
          onClick={() => move.mutate(action)}
        >
          {action}
        </Button>
      ))}
      <Button variant="quiet" className="h-8" onClick={() => window.print()}>
        Print
      </Button>
      {move.isError && <Notice variant="bad" title={move.error.message} />}
    </span>
  );
}

function Plan({ experiment }: { experiment: Experiment }) {
  const { plan, variants, metrics } = experiment;
  return (
    <Card>
      <CardTitle>Plan</CardTitle>
      {experiment.hypothesis && <p className="mb-3">{experiment.hypothesis}</p>}
      <dl className="figures grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
        {[
          ["Key", experiment.key],
          ["Kind", KIND_TITLE[experiment.kind]],
          ["Variants", variants.map(({ key, weight }) => `${key} (${weight})`).join(", ")],
          ["Engine", `${plan.engine}, α ${plan.alpha}`],
          ["At most", `${plan.maxDays} days`],
          ["Stops by itself on", plan.stopOn.join(", ") || "nothing"],
          ["Metrics", metrics.map(({ name, role }) => `${name} (${role})`).join(", ")],
          ["Links", plan.links.join(", ")],
        ]
          .filter(([, text]) => text)
          .map(([name, text]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="break-words">{text}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}

function Outcome({ results, kind }: { results: Results; kind: string }) {
  const { srm } = results.quality;
  const split = kind === "ab" && <span className="figures">split p = {pValueText(srm)}</span>;
  return (
    <>
      <VerdictCard results={results} />
      <Card>
        <CardTitle aside={split}>Results</CardTitle>
        <MetricTable metrics={results.metrics} />
      </Card>
    </>
  );
}

/** An experiment's verdict, results, plan and history; live while it runs. */
export function ExperimentDetail({ experiment: initial, writes }: { experiment: Experiment; writes: boolean }) {
  const [experiment, setExperiment] = useState(initial);
  const client = useQueryClient();
  const { id, status, startedAt, kind, plan } = experiment;
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["results", id],
    enabled: startedAt !== null,
    queryFn: ({ signal }) => api<Results>(`/experiments/${id}/results`, { signal }),
    refetchInterval: status === "running" ? REREAD_MS : false,
  });
  const moved = (now: Experiment) => {
    setExperiment(now);
    void client.invalidateQueries({ queryKey: ["results", id] });
  };
  return (
    <>
      <PageTitle
        note={[KIND_TITLE[kind], startedAt ? `since ${formatDateTime(startedAt)}` : "not started", experiment.owner]
          .filter(Boolean)
          .join(" · ")}
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <Badge>{status}</Badge>
            {startedAt && <ExportDialog what="results" request={{ kind: "experiment", id: String(id) }} />}
            {writes && <Actions experiment={experiment} onMoved={moved} />}
          </span>
        }
      >
        {experiment.name}
      </PageTitle>
      <div className="grid gap-3">
        {isError && !data && <Failure what="The results" error={error} onRetry={() => void refetch()} />}
        {startedAt && !data && !isError && <Skeleton className="h-64" />}
        {!startedAt && (
          <Notice title="A draft">
            Nothing is measured before it starts. Once it has, its plan is fixed: changes need a reason, which its
            history keeps.
          </Notice>
        )}
        {data && <Outcome results={data} kind={kind} />}
        <div className="grid items-start gap-3 xl:grid-cols-2">
          {data && <EffectChart id={id} metrics={data.metrics} dated={kind === "ab"} />}
          <Plan experiment={experiment} />
          {data && plan.dimension && <Dimensions id={id} attribute={plan.dimension} />}
          <History id={id} stamp={`${status} ${data?.verdict.decision}`} since={startedAt} />
        </div>
      </div>
    </>
  );
}
