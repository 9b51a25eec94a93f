import type { Database } from "#lib/db/client.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";
import { type StreamPoint, seriesOf } from "#lib/otlp/metrics/streams.ts";
import { addTotals, admitStreams, inRounds, type Totals } from "#lib/otlp/metrics/totals.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** Where a stream was silent for so long, its totals are stored again just before they grow, so that what was added is an increase. */
const SILENT_MS = MINUTE_MS;

/** The totals of before a point, as samples of each part: zero where there were none. */
export function samplesBefore({ startAt, values }: StreamPoint, { at, beforeAt, before }: Totals): IncomingSample[][] {
  if (startAt <= 0 || startAt >= at) return values.map(() => []);
  if (beforeAt === undefined) return values.map(() => [{ at: startAt, value: 0 }]);
  if (at - beforeAt < SILENT_MS || startAt <= beforeAt) return values.map(() => []);
  return values.map((_, n) => [{ at: startAt, value: before[n] ?? 0 }]);
}

/** What of differences is not added up. */
type Skip = (reason: "already_counted" | "series_limit", points: number, example: () => string) => void;

type Accumulation = { hostId: number; maxStreams: number; skip: Skip };

/** Points of differences as totals. A point that came before is answered with its totals again, or skipped where newer ones have come. */
export async function accumulate(
  db: Database,
  points: StreamPoint[],
  { hostId, maxStreams, skip }: Accumulation,
): Promise<IncomingSeries[]> {
  const series: IncomingSeries[] = [];
  for (const round of inRounds(points.filter(({ stale }) => !stale))) {
    const keys = round.map(({ key }) => key);
    const admitted = await admitStreams(db, hostId, keys, maxStreams);
    const allowed = round.filter(({ key }) => admitted.has(key.toString("hex")));
    const refused = round.length - allowed.length;
    if (refused > 0)
      skip("series_limit", refused, () => `differences of more than ${maxStreams} series cannot be added up`);
    const additions = allowed.map(({ key, point: { at, values } }) => ({ key, at, values }));
    const found = await addTotals(db, hostId, additions);
    for (const { key, point } of allowed) {
      const totals = found.get(key.toString("hex"));
      if (totals && totals.at === point.at)
        series.push(...seriesOf({ ...point, values: totals.totals }, samplesBefore(point, totals)));
      else skip("already_counted", 1, () => `${point.stream.metric}: a later point was counted before`);
    }
  }
  for (const point of points) if (point.stale) series.push(...seriesOf(point));
  return series;
}
