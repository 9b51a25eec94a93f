import { bucketsOf, countsOf, type Scope } from "#lib/applications/expressions.ts";
import type { Tally } from "#lib/applications/figures.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { BUCKET_LABEL, type LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { readNumber } from "#lib/promql/syntax/literals.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

type Host = { id: number; name: string };

/** Steps from one instant to another, both included (ms). */
export type Grid = { fromMs: number; toMs: number; stepMs: number };

/** At most `points` steps of whole seconds over [from, to] (ms), the first of which may begin before. */
export function gridOf({ from, to, points }: { from: number; to: number; points: number }): Grid {
  const stepMs = Math.max(SECOND_MS, Math.ceil((to - from) / (points - 1) / SECOND_MS) * SECOND_MS);
  return { fromMs: Math.floor(from / stepMs) * stepMs, toMs: to, stepMs };
}

/** The instants (ms) of a grid. */
export const instantsOf = ({ fromMs, toMs, stepMs }: Grid): number[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, n) => fromMs + n * stepMs);

/** What is read from, and for whom. */
export type Source = { db: Database; hosts: readonly Host[]; signal: AbortSignal | undefined };

/** Rates are over at least so long: what is stored each ten seconds and more is in every window. */
export const LEAST_WINDOW_MS = 2 * MINUTE_MS;

/** What was counted of a group, by the instant (ms) at which the window ends. */
type Group = { labels: LabelSet; steps: Map<number, Tally> };

const STATUS = "status";

/** The one host of an input, as a source is made of; none where it is not readable. */
export async function hostOf(db: Connection, id: number): Promise<Host[]> {
  return (await readableHosts(db)).filter((host) => host.id === id);
}

/** Evaluates expressions over a grid. @throws QueryError for more samples than a query may read */
export function evaluator({ db, hosts, signal }: Source, grid: Grid): (expression: string) => Promise<SeriesSamples[]> {
  const reader = new StoreReader(db, hosts, { signal });
  return (expression) => queryRange(reader, expression, grid, { signal });
}

/** Counts of each group of a scope at each step of a grid, from one reading of the requests and one of the buckets. */
export async function readGroups(source: Source, scope: Scope, grid: Grid): Promise<Group[]> {
  const read = evaluator(source, grid);
  const [counts, buckets] = await Promise.all([read(countsOf(scope)), read(bucketsOf(scope))]);
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
