import { MAX_SERIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { isOfHost, type Labels } from "#lib/metrics/frame.ts";
import { mean, quantile } from "#lib/stats/quantile.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { affordableStep, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

/** A series' steps of a period without its gaps, and what insight asks of them. */
export type Figures = {
  id: number;
  name: string;
  metric: string;
  labels: Labels;
  unit: Unit;
  rate: boolean;
  points: [number, number][];
  /** From the first of the points to the end of the last. */
  coveredMs: number;
  mean: number;
  p95: number;
  last: number;
};

/** The figures of some metrics of a host over [from, to) in ms, by steps of `stepMs`, or longer ones where the period is long; series without any sample, and those of other database servers, are left out. */
export async function readFigures(
  db: Connection,
  {
    hostId,
    metrics,
    from,
    to,
    stepMs,
  }: { hostId: number; metrics: string[]; from: number; to: number; stepMs: number },
): Promise<Figures[]> {
  const named = metrics.map((metric) => ({ metric }));
  const listed = (await listSeries(db, hostId, named)).filter(({ labels }) => isOfHost(labels));
  if (listed.length === 0) return [];
  const step = affordableStep(to - from, stepMs);
  const parts: SeriesPoints[][] = [];
  for (let n = 0; n < listed.length; n += MAX_SERIES) {
    const ids = listed.slice(n, n + MAX_SERIES).map(({ id }) => String(id));
    parts.push((await queryRange(db, { hostId, series: ids, from, to, stepMs: step })).series);
  }
  return parts.flat().flatMap(({ id, name, metric, labels, unit, kind, points: all }): Figures[] => {
    const points = withoutGaps(all);
    const values = points.map(([, value]) => value);
    if (values.length === 0) return [];
    return [
      {
        ...{ id, name, metric, labels, unit, points },
        rate: isCumulative(kind),
        coveredMs: Math.min((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0) + step, to - from),
        mean: mean(values),
        p95: quantile(values, 0.95),
        last: values.at(-1) as number,
      },
    ];
  });
}
