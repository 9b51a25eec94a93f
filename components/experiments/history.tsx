"use client";

import { useQuery } from "@tanstack/react-query";
import { MetricTable } from "#components/experiments/metric-table.tsx";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { AnnotationInfo } from "#lib/annotations/annotations.ts";
import type { ExperimentVerdict } from "#lib/experiments/read-experiments.ts";
import type { MetricResult } from "#lib/experiments/results.ts";
import { decisionName } from "#lib/experiments/verdict.ts";

type Change = {
  id: number;
  at: string;
  action: string;
  reason: string;
  change: Record<string, { from: unknown; to: unknown }>;
};
type History = { changes: Change[]; verdicts: Wire<ExperimentVerdict>[] };

const inWords = (change: Change["change"]) =>
  Object.entries(change)
    .map(([field, { from, to }]) => `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
    .join("; ");

/** What became of a verdict's webhook, where it failed. */
const webhookState = ({ webhookFailure, webhookFailedAt }: Wire<ExperimentVerdict>): string =>
  webhookFailure ? `Webhook failed: ${webhookFailure}${webhookFailedAt ? "" : " (it is tried again)"}` : "";

/** Who did what and why, what was concluded when, and the deploys and changes that were marked meanwhile. */
export function History({ id, stamp, since }: { id: number; stamp: string; since: string | null }) {
  const { data } = useQuery({
    queryKey: ["experiment-history", id, stamp],
    queryFn: ({ signal }) => api<History>(`/experiments/${id}/history`, { signal }),
  });
  const marks = useQuery({
    queryKey: ["experiment-marks", id, since],
    enabled: since !== null,
    queryFn: ({ signal }) => api<Wire<AnnotationInfo>[]>(`/annotations?from=${since}`, { signal }),
  });
  const entries = [
    ...(marks.data ?? []).map(({ id: n, at, kind, text }) => ({ key: `a${n}`, at, title: kind, text })),
    ...(data?.verdicts ?? []).map((verdict) => ({
      key: `v${verdict.id}`,
      at: verdict.at,
      title: `Verdict: ${decisionName(verdict.decision)}`,
      text: [verdict.reasons.join("; "), webhookState(verdict)].filter(Boolean).join(" · "),
    })),
    ...(data?.changes ?? []).map(({ id: n, at, action, reason, change }) => ({
      key: `c${n}`,
      at,
      title: action,
      text: [reason, inWords(change)].filter(Boolean).join(" · "),
    })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <Card>
      <CardTitle>History</CardTitle>
      {!data && <Skeleton className="h-16" />}
      <ol className="space-y-2">
        {entries.map(({ key, at, title, text }) => (
          <li key={key} className="figures text-xs">
            <span className="text-muted">{formatDateTime(at)}</span> <span className="font-medium">{title}</span>
            {text && <span className="block break-words text-muted">{text}</span>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** Results by dimension. */
export function Dimensions({ id, attribute }: { id: number; attribute: string }) {
  const { data } = useQuery({
    queryKey: ["dimensions", id],
    queryFn: ({ signal }) =>
      api<{ dimension: string; metrics: MetricResult[] }[]>(`/experiments/${id}/dimensions`, { signal }),
  });
  return (
    <Card>
      <CardTitle aside="many looks find something by chance">By {attribute}</CardTitle>
      {data?.length === 0 && <p className="text-muted">No exposure named a dimension yet.</p>}
      {data?.map(({ dimension, metrics }) => (
        <details key={dimension} className="border-line border-t py-2">
          <summary className="cursor-pointer text-xs">{dimension}</summary>
          <MetricTable metrics={metrics} />
        </details>
      ))}
    </Card>
  );
}
