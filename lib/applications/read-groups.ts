import { type Scope, seriesOf } from "#lib/applications/expressions.ts";
import type { Tally } from "#lib/applications/figures.ts";
import type { Grid, Source } from "#lib/applications/grid.ts";
import { readGrowth } from "#lib/applications/read-growth.ts";
import { BUCKET_LABEL, type LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { readNumber } from "#lib/promql/syntax/literals.ts";

/** What was counted of a group, by the instant (ms) at which the window ends. */
type Group = { labels: LabelSet; steps: Map<number, Tally> };

const STATUS = "status";

/** Counts of each group of a scope in the windows of a grid, from one reading of the requests and one of the buckets. */
export async function readGroups(
  source: Source,
  scope: Scope,
  { grid, windowMs }: { grid: Grid; windowMs: number },
): Promise<Group[]> {
  const read = (part: "count" | "bucket", ...more: string[]) =>
    readGrowth(source, seriesOf(scope, part), { grid, windowMs, by: [...scope.by, ...more] });
  const [counts, buckets] = await Promise.all([read("count", STATUS), read("bucket", STATUS, BUCKET_LABEL)]);
  const groups = new Map<string, Group>();
  const add = ({ labels: all, times, values }: SeriesSamples, count: (tally: Tally, value: number) => void) => {
    const labels = all.without([STATUS, BUCKET_LABEL]);
    const group = groups.get(labels.key) ?? { labels, steps: new Map<number, Tally>() };
    groups.set(labels.key, group);
    for (const [n, at] of times.entries()) {
      const tally = group.steps.get(at) ?? { requests: 0, failed: 0, buckets: new Map() };
      group.steps.set(at, tally);
      count(tally, values[n] as number);
    }
  };
  for (const series of counts) {
    const failed = series.labels.get(STATUS) === "error";
    add(series, (tally, value) => {
      tally.requests += value;
      if (failed) tally.failed += value;
    });
  }
  for (const series of buckets) {
    const bound = readNumber(series.labels.get(BUCKET_LABEL));
    if (bound === undefined) continue;
    const succeeded = series.labels.get(STATUS) === "ok";
    add(series, (tally, value) => {
      const bucket = tally.buckets.get(bound) ?? { count: 0, succeeded: 0 };
      tally.buckets.set(bound, bucket);
      bucket.count += value;
      if (succeeded) bucket.succeeded += value;
    });
  }
  return [...groups.values()];
}
