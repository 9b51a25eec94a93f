"use client";

import { useQuery } from "@tanstack/react-query";
import { CountBars, type CountStep } from "#components/charts/count-bars.tsx";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Timeline = { stepMs: number; perDay: number; steps: CountStep[] };

const REREAD_MS = MINUTE_MS;

/** How many anomalies began when, and how many a day that makes. */
export function AnomalyTimeline({ span, host, className }: { span: string; host?: string; className?: string }) {
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["anomaly-timeline", span, host],
    queryFn: ({ signal }) =>
      api<Timeline>(`/anomalies/timeline?from=now-${span}${host ? `&host=${host}` : ""}`, { signal }),
    refetchInterval: REREAD_MS,
  });
  return (
    <Card className={className}>
      <CardTitle aside={data && <span className="figures">{data.perDay.toFixed(1)} a day</span>}>Anomalies</CardTitle>
      {isError && !data ? (
        <Failure what="The timeline" error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <CountBars title="Anomalies" steps={data.steps} stepMs={data.stepMs} />
      ) : (
        <Skeleton className="h-30" />
      )}
    </Card>
  );
}
