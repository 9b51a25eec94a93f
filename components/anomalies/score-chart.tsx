"use client";

import { useQuery } from "@tanstack/react-query";
import { type Anomaly, anomalyScoreQuery } from "#components/anomalies/queries.ts";
import { aroundQuery } from "#components/charts/around-query.ts";
import type { BandRow } from "#components/charts/band-chart.tsx";
import { BandChart, fetchBandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { aroundAnomaly } from "#lib/anomalies/around.ts";
import { usualRange } from "#lib/anomalies/incident-title.ts";
import type * as contract from "#lib/contract/index.ts";
import { isCumulative, type Unit } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Scores = CallOutput<typeof contract.anomalies.score>;
type Values = CallOutput<typeof contract.metrics.query>;
type Shown = Pick<Anomaly, "hostId" | "id" | "seriesId" | "detectedAt" | "lastAt" | "endedAt">;
type Props = { anomaly: Shown; title: string; scored?: boolean };

const HEIGHT = 240;

/** What a chart shows: the values at once, and what was expected as soon as that is known. */
type Drawn = { rows: BandRow[]; unit: Unit; rate: boolean };

const ofScores = ({ series: { unit, kind }, points }: Scores): Drawn => ({
  rows: points.map(({ at, value, expected, deviation }) => {
    return { at, value, expected, band: usualRange({ expected, deviation, unit }) };
  }),
  ...{ unit, rate: isCumulative(kind) },
});

const ofValues = ({ series: [own] }: Values): Drawn | undefined =>
  own && {
    rows: own.points.map(([at, value]) => ({ at, value })),
    ...{ unit: own.unit, rate: isCumulative(own.kind) },
  };

/** The values come in milliseconds; what was expected takes a detector that learns two weeks anew. */
function useMinutes(anomaly: Shown, enabled: boolean) {
  const { hostId, id, seriesId, endedAt } = anomaly;
  const refetchInterval = endedAt === null && MINUTE_MS;
  const values = useQuery({ ...aroundQuery({ hostId, seriesId, ...aroundAnomaly(anomaly) }), enabled });
  const scores = useQuery({ ...anomalyScoreQuery(hostId, id), enabled, refetchInterval });
  return { values, scores };
}

type ScoreProps = { scores: Scores; width: number; marked: { from: number; to: number }[] };

function ScoreLine({ scores: { points }, width, marked }: ScoreProps) {
  return (
    <>
      <p className="mt-3 mb-1 text-muted text-xs">Anomaly score; an anomaly starts at 50 %</p>
      <BandChart
        title="Anomaly score"
        rows={points.map(({ at, score }) => ({ at, value: score * 100 }))}
        {...{ rate: false, width, threshold: 50, marked, unit: "percent" as const }}
        height={110}
      />
    </>
  );
}

fetchBandChart();

/** The minutes around an anomaly: the value within its normal range, and the score below. */
export function ScoreChart({ anomaly, title, scored = true }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { values, scores } = useMinutes(anomaly, width > 0);
  const [from, to] = [anomaly.detectedAt.getTime(), anomaly.lastAt.getTime()];
  const marked = [{ from, to: Math.max(to, from + MINUTE_MS) }];
  const drawn = scores.data ? ofScores(scores.data) : values.data && ofValues(values.data);
  const isLearning = scores.data === undefined && !scores.isError;
  return (
    <Card>
      <CardTitle aside={isLearning ? "Finding the normal range…" : "Dashed: expected. Band: normal range"}>
        {title}
      </CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        {drawn && width > 0 ? (
          <BandChart {...{ ...drawn, title, width, marked }} height={HEIGHT} />
        ) : (
          <QueryView query={scores} what="The chart" skeleton={<Skeleton className="h-60" />}>
            {() => null}
          </QueryView>
        )}
        {drawn && scores.isError && (
          <Failure what="The normal range" error={scores.error} onRetry={() => void scores.refetch()} />
        )}
        {scored && scores.data && <ScoreLine {...{ scores: scores.data, width, marked }} />}
        {scored && isLearning && <Skeleton className="mt-3 h-32" />}
      </div>
    </Card>
  );
}
