import type { Grid, Source } from "#lib/applications/grid.ts";
import { LOOKBACK_MS } from "#lib/promql/query/limits.ts";
import { eachGrowth } from "#lib/promql/series/growth.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { parseSelector } from "#lib/promql/syntax/parse.ts";
import { Turn } from "#lib/time/turn.ts";

/** Windows of so many ms that end at each step of a grid, their start not included, and the labels by which counters are added up. */
export type Windows = { grid: Grid; windowMs: number; by: readonly string[] };

type Sums = { labels: LabelSet; values: Float64Array; present: Uint8Array };

function toSamples({ labels, values, present }: Sums, { fromMs, stepMs }: Grid): SeriesSamples {
  const steps = Array.from(present.keys()).filter((n) => present[n]);
  return {
    labels,
    times: Float64Array.from(steps, (n) => fromMs + n * stepMs),
    values: Float64Array.from(steps, (n) => values[n] as number),
  };
}

/**
 * What counters grew by in each window. It is not increase(), which draws what was seen out to the bounds of a window: a counter of spans is stored
 * when it grows, and what is drawn out of one burst never was. A window in which nothing was stored has no value.
 */
async function growthInWindows(
  series: readonly SeriesSamples[],
  { grid, windowMs, by }: Windows,
): Promise<SeriesSamples[]> {
  const { fromMs, toMs, stepMs } = grid;
  const count = Math.floor((toMs - fromMs) / stepMs) + 1;
  const groups = new Map<string, Sums>();
  const turn = new Turn();
  for (const own of series) {
    const labels = own.labels.only(by);
    const sums = groups.get(labels.key) ?? {
      labels,
      values: new Float64Array(count),
      present: new Uint8Array(count),
    };
    groups.set(labels.key, sums);
    eachGrowth(own, (at, growth) => {
      const end = Math.min(count, Math.ceil((at + windowMs - fromMs) / stepMs));
      for (let n = Math.max(0, Math.ceil((at - fromMs) / stepMs)); n < end; n++) {
        sums.values[n] = (sums.values[n] as number) + growth;
        sums.present[n] = 1;
      }
    });
    if (turn.isOver) await turn.end();
  }
  return [...groups.values()].map((sums) => toSamples(sums, grid)).filter(({ times }) => times.length > 0);
}

/**
 * What the counters of a selector grew by in each window. The sample before a growth is at most a minute older, since the portal stores a total again
 * before it grows: little has to be read from before the first window.
 * @throws QueryError for more samples than a query may read
 */
export async function readGrowth(
  { db, hosts, signal }: Source,
  selector: string,
  windows: Windows,
): Promise<SeriesSamples[]> {
  const { grid, windowMs } = windows;
  const reader = new StoreReader(db, hosts, { signal });
  const series = await reader.select(parseSelector(selector), grid.fromMs - windowMs - LOOKBACK_MS, grid.toMs);
  return growthInWindows(series, windows);
}
