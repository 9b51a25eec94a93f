"use client";

import { useQuery } from "@tanstack/react-query";
import { BandChart } from "#components/charts/band-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { AnomalyScores } from "#lib/anomalies/backtest.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Props = { hostId: number; id: number; title: string; marked: { from: number; to: number }; scored?: boolean };

/** The minutes around an anomaly: the value within its usual range, and the score below. */
export function ScoreChart({ hostId, id, title, marked, scored = true }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["score", hostId, id],
    enabled: width > 0,
    queryFn: ({ signal }) => api<AnomalyScores>(`/anomalies/${id}/score?host=${hostId}&points=480`, { signal }),
  });
  const rate = data !== undefined && isCumulative(data.series.kind);
  const most = data?.series.unit === "percent" ? 100 : Number.POSITIVE_INFINITY;
  const rows = (data?.points ?? []).map(({ at, value, expected, deviation }) => ({
    ...{ at, value, expected },
    band: [expected - 3 * deviation, expected + 3 * deviation].map((edge) => Math.min(Math.max(0, edge), most)) as [
      number,
      number,
    ],
  }));
  const drawn = { from: marked.from, to: Math.max(marked.to, marked.from + MINUTE_MS) };
  return (
    <Card>
      <CardTitle aside="dashed: usual; band: three usual distances">{title}</CardTitle>
      <div ref={ref} style={{ minHeight: 240 }}>
        {isError && !data ? (
          <Failure what="The chart" error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton className="h-60" />
        ) : (
          <>
            <BandChart
              {...{ title, rows, rate, width, limit: data.threshold, marked: drawn, unit: data.series.unit }}
              height={240}
            />
            {scored && (
              <>
                <p className="mt-3 mb-1 text-muted text-xs">Score, 50 % begins an event</p>
                <BandChart
                  title="Score"
                  rows={data.points.map(({ at, score }) => ({ at, value: score * 100 }))}
                  {...{ rate: false, width, limit: 50, marked: drawn, unit: "percent" as const }}
                  height={110}
                />
              </>
            )}
          </>
        )}
      </div>
    </Card>
  );
}
