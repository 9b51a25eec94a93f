"use client";

import { useQuery } from "@tanstack/react-query";
import { DimensionCard } from "#components/experiments/dimension-card.tsx";
import { EffectChart } from "#components/experiments/effect-chart.tsx";
import { ExperimentActions } from "#components/experiments/experiment-actions.tsx";
import { Facts } from "#components/experiments/facts.tsx";
import { HistoryCard } from "#components/experiments/history-card.tsx";
import { wordTitle } from "#components/experiments/labels.ts";
import { MetricTable, MetricTableNote } from "#components/experiments/metric-table.tsx";
import { PlanCard } from "#components/experiments/plan-card.tsx";
import { type Experiment, experimentQuery, type Results, resultsQuery } from "#components/experiments/queries.ts";
import { VerdictCard } from "#components/experiments/verdict-card.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SRM_ALPHA } from "#lib/experiments/results.ts";
import { pValuePhrase } from "#lib/format/share.ts";

function Outcome({ experiment, results }: { experiment: Experiment; results: Results }) {
  const { srm } = results.quality;
  // A broken split is named by the verdict, with its p.
  const split = experiment.kind === "ab" && srm >= SRM_ALPHA && (
    <span className="figures">No sample ratio mismatch ({pValuePhrase(srm)})</span>
  );
  return (
    <>
      <VerdictCard results={results} status={experiment.status} />
      <Card>
        <CardTitle aside={split}>Results</CardTitle>
        <MetricTable metrics={results.metrics} plan={experiment.plan} />
        <MetricTableNote metrics={results.metrics} plan={experiment.plan} />
      </Card>
    </>
  );
}

/** An experiment's verdict, results, plan and history; live while it runs. */
export function ExperimentDetail({ experiment: initial, writes }: { experiment: Experiment; writes: boolean }) {
  const { data: experiment } = useQuery({ ...experimentQuery(initial.id), initialData: initial });
  const results = useQuery(resultsQuery(experiment));
  const { id, status, startedAt, plan } = experiment;
  return (
    <>
      <PageTitle
        note={<Facts experiment={experiment} />}
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <Badge>{wordTitle(status)}</Badge>
            {startedAt && <ExportDialog what="results" request={{ kind: "experiment", id: String(id) }} />}
            {writes && <ExperimentActions experiment={experiment} />}
          </span>
        }
      >
        {experiment.name}
      </PageTitle>
      <div className="grid gap-3">
        {startedAt ? (
          <QueryView query={results} what="The results" skeleton={<Skeleton className="h-64" />}>
            {(data) => <Outcome experiment={experiment} results={data} />}
          </QueryView>
        ) : (
          <Notice title="Draft">
            Nothing is measured until the experiment starts. Its plan is fixed from then on: each change needs a reason,
            which the history shows.
          </Notice>
        )}
        {results.data && plan.dimension && <DimensionCard experiment={experiment} dimension={plan.dimension} />}
        <div className="grid items-start gap-3 xl:grid-cols-2">
          {results.data && <EffectChart experiment={experiment} metrics={results.data.metrics} />}
          <PlanCard experiment={experiment} />
          <HistoryCard experiment={experiment} decision={results.data?.verdict.decision} />
        </div>
      </div>
    </>
  );
}
