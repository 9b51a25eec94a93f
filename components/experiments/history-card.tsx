"use client";

import { useQuery } from "@tanstack/react-query";
import { CHANGE_TITLE, changeText, wordTitle } from "#components/experiments/labels.ts";
import { annotationsQuery, type Experiment, type History, historyQuery } from "#components/experiments/queries.ts";
import type { Annotation } from "#components/insights/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { decisionName } from "#lib/experiments/verdict.ts";

type Entry = { key: string; at: Date; title: string; text: string; failure?: string | undefined };

type Verdict = History["verdicts"][number];

/** What became of a verdict's webhook, where it failed. */
const webhookFailure = ({ webhookFailure: reason, webhookFailedAt }: Verdict): string | undefined =>
  reason === null ? undefined : `Webhook failed: ${reason}${webhookFailedAt ? "" : " (will be retried)"}`;

function entriesOf({ changes, verdicts }: History, annotations: Annotation[]): Entry[] {
  return [
    ...annotations.map(({ id, at, kind, text }) => ({ key: `a${id}`, at, title: wordTitle(kind), text })),
    ...verdicts.map((verdict) => ({
      key: `v${verdict.id}`,
      at: verdict.at,
      title: `Verdict: ${decisionName(verdict.decision)}`,
      text: verdict.reasons.join("; "),
      failure: webhookFailure(verdict),
    })),
    ...changes.map(({ id, at, action, reason, change }) => ({
      key: `c${id}`,
      at,
      title: CHANGE_TITLE[action],
      text: [...Object.entries(change).map(([field, values]) => changeText(field, values)), reason]
        .filter(Boolean)
        .join(" · "),
    })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** Changes with their reasons, verdicts, and the deploys and changes that were marked meanwhile. */
export function HistoryCard({ experiment, decision }: { experiment: Experiment; decision: string | undefined }) {
  const { id, status } = experiment;
  const history = useQuery(historyQuery(id, `${status} ${decision}`));
  const annotations = useQuery(annotationsQuery(experiment));
  return (
    <Card>
      <CardTitle>History</CardTitle>
      <QueryView query={history} what="The history" skeleton={<Skeleton className="h-16" />}>
        {(data) => (
          <ol className="space-y-2">
            {entriesOf(data, annotations.data ?? []).map(({ key, at, title, text, failure }) => (
              <li key={key} className="figures text-xs">
                <span className="text-muted">
                  <DateTime at={at} />
                </span>{" "}
                <span className="font-medium">{title}</span>
                {text && <span className="block break-words text-muted">{text}</span>}
                {failure && <span className="block break-words text-bad">{failure}</span>}
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Card>
  );
}
