"use client";

import { useQuery } from "@tanstack/react-query";
import { anomalyScoreQuery } from "#components/anomalies/queries.ts";
import { BandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { usualRange } from "#lib/anomalies/incident-title.ts";
import type * as contract from "#lib/contract/index.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Marked = { from: number; to: number };
type Props = { hostId: number; id: number; title: string; marked: Marked; scored?: boolean };
type Scores = CallOutput<typeof contract.anomalies.score>;

function rowsOf({ series, points }: Scores) {
  return points.map(({ at, value, expected, deviation }) => {
    return { at, value, expected, band: usualRange({ expected, deviation, unit: series.unit }) };
  });
}

function Charts({
  scores,
  title,
  width,
  marked,
  scored,
}: Omit<Props, "hostId" | "id" | "marked"> & { marked: Marked[]; scores: Scores; width: number }) {
  const { series, points } = scores;
  return (
    <>
      <BandChart
        {...{ title, width, marked, unit: series.unit }}
        rows={rowsOf(scores)}
        rate={isCumulative(series.kind)}
        height={240}
      />
      {scored && (
        <>
          <p className="mt-3 mb-1 text-muted text-xs">Anomaly score; an anomaly starts at 50 %</p>
          <BandChart
            title="Anomaly score"
            rows={points.map(({ at, score }) => ({ at, value: score * 100 }))}
            {...{ rate: false, width, threshold: 50, marked, unit: "percent" as const }}
            height={110}
          />
        </>
      )}
    </>
  );
}

/** The minutes around an anomaly: the value within its normal range, and the score below. */
export function ScoreChart({ hostId, id, title, marked: { from, to }, scored = true }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const query = useQuery({ ...anomalyScoreQuery(hostId, id), enabled: width > 0 });
  const marked = [{ from, to: Math.max(to, from + MINUTE_MS) }];
  return (
    <Card>
      <CardTitle aside="Dashed: expected. Band: normal range">{title}</CardTitle>
      <div ref={ref} style={{ minHeight: 240 }}>
        <QueryView query={query} what="The chart" skeleton={<Skeleton className="h-60" />}>
          {(scores) => <Charts {...{ scores, title, width, marked, scored }} />}
        </QueryView>
      </div>
    </Card>
  );
}
