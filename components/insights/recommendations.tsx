"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { EvidenceList } from "#components/insights/evidence.tsx";
import { type Insights, type Recommendation, wordingQuery } from "#components/insights/queries.ts";
import { call } from "#components/layout/api.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { RecommendationStatus } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";
import { durationText } from "#lib/format/duration.ts";
import { formatText } from "#lib/format/value.ts";

const CHOICES: { status: RecommendationStatus; title: string }[] = [
  { status: "done", title: "Mark as done" },
  { status: "snoozed", title: "Snooze for a week" },
  { status: "dismissed", title: "Dismiss" },
  { status: "open", title: "Reopen" },
];

function Effect({ recommendation: { evidence, effect } }: { recommendation: Recommendation }) {
  const [figure] = evidence;
  if (!effect || !figure) return null;
  const text = (value: number) => formatText(value, figure.unit, figure.rate);
  return (
    <p className="figures mt-2 text-xs">
      {figure.label}: {text(effect.before)} when marked as done, {text(effect.since)} on average since
    </p>
  );
}

function Steps({ host, recommendation }: { host: number; recommendation: Recommendation }) {
  const wording = useQuery(wordingQuery(host, recommendation.key));
  return (
    <div className="mt-2 text-sm">
      <QueryView query={wording} what="The explanation">
        {({ text, by }) => (
          <p>
            {text}
            {by === "model" && (
              <span className="text-muted text-xs"> (written by a language model, figures checked)</span>
            )}
          </p>
        )}
      </QueryView>
      <ol className="mt-2 list-decimal space-y-1 pl-5">
        {recommendation.how.map((step) => (
          <li key={step} className="break-words">
            {step}
          </li>
        ))}
      </ol>
      <p className="mt-2 text-muted text-xs">To undo: {recommendation.undo}</p>
    </div>
  );
}

type Props = {
  host: number;
  recommendation: Recommendation;
  mayDecide: boolean;
  onUpdated: (insights: Insights) => void;
};

function Item({ host, recommendation, mayDecide, onUpdated }: Props) {
  const [open, setOpen] = useState(false);
  const { key, title, severity, status: current, until, evidence, gain } = recommendation;
  const update = useMutation({
    mutationFn: (status: RecommendationStatus) =>
      call(contract.insights.updateRecommendation, { query: { host }, body: { key, status } }),
    onSuccess: onUpdated,
  });
  return (
    <li className="py-3">
      <div className="mb-1 flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{title}</h3>
        <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
        {recommendation.now && <Badge variant="bad">now</Badge>}
        {current !== "open" && (
          <Badge>
            {current}
            {until && (
              <>
                {" until "}
                <DateTime at={until} />
              </>
            )}
          </Badge>
        )}
      </div>
      <EvidenceList evidence={evidence} />
      <p className="mt-1 text-muted text-xs">{gain}</p>
      <Effect recommendation={recommendation} />
      {open && <Steps host={host} recommendation={recommendation} />}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button variant="quiet" className="h-8" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide steps" : "Show steps"}
        </Button>
        {mayDecide &&
          CHOICES.filter(({ status }) => status !== current).map((choice) => (
            <Button
              key={choice.status}
              className="h-8"
              disabled={update.isPending}
              onClick={() => update.mutate(choice.status)}
            >
              {choice.title}
            </Button>
          ))}
      </div>
      {update.isError && <Notice variant="bad" className="mt-2" title={update.error.message} />}
    </li>
  );
}

type ItemsProps = Omit<Props, "recommendation"> & { recommendations: Recommendation[] };

function Items({ recommendations, ...rest }: ItemsProps) {
  return (
    <ul className="divide-y divide-line">
      {recommendations.map((recommendation) => (
        <Item key={recommendation.key} recommendation={recommendation} {...rest} />
      ))}
    </ul>
  );
}

/** What is worth doing; those that are no longer open are folded below. */
export function Recommendations({ recommendations, covered, ...rest }: ItemsProps & Pick<Insights, "covered">) {
  const open = recommendations.filter(({ status }) => status === "open");
  const closed = recommendations.filter(({ status }) => status !== "open");
  return (
    <Card>
      <CardTitle aside={<span className="figures">{open.length}</span>}>Recommendations</CardTitle>
      {open.length === 0 && (
        <Notice title="No open recommendations">
          {closed.length > 0
            ? "Those that you closed are below."
            : `By the past ${durationText(covered.allMs)} of data nothing is filling up, saturated, leaking memory or about to expire.`}
        </Notice>
      )}
      <Items recommendations={open} {...rest} />
      {closed.length > 0 && (
        <details className="mt-2">
          <summary className="cursor-pointer text-muted text-xs">Closed recommendations: {closed.length}</summary>
          <Items recommendations={closed} {...rest} />
        </details>
      )}
    </Card>
  );
}
