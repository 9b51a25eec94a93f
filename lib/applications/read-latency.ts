import { ofSubject, type Subject, seriesOf } from "#lib/applications/expressions.ts";
import { hostOf, LEAST_WINDOW_MS } from "#lib/applications/grid.ts";
import { readGrowth } from "#lib/applications/read-growth.ts";
import type { Database } from "#lib/db/client.ts";
import { BUCKET_LABEL } from "#lib/promql/series/labels.ts";
import { readNumber } from "#lib/promql/syntax/literals.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** `from`, `to` in ms; at most `points` columns. */
type LatencyQuery = Subject & {
  host: number;
  from: number;
  to: number;
  points: number;
  signal?: AbortSignal | undefined;
};

/**
 * How many requests took how long over [from, to] (ms): by step, and by bucket of the histogram of durations. A bucket holds what took more than
 * the bound before its own and at most its own (s); null is the bound of what took longer than all. A step of which nothing was stored has no counts.
 * @throws QueryError for more samples than a query may read
 */
export async function readLatency(db: Database, query: LatencyQuery) {
  const { host, from, to, points, signal } = query;
  const stepMs = Math.max(LEAST_WINDOW_MS, Math.ceil((to - from) / Math.max(1, points - 1) / MINUTE_MS) * MINUTE_MS);
  const start = Math.floor(from / stepMs) * stepMs;
  const length = Math.max(1, Math.ceil((to - start) / stepMs));
  // Each window ends where its step does; the newest step is not over yet.
  const grid = { fromMs: start + stepMs, toMs: start + length * stepMs, stepMs };
  const source = { db, hosts: await hostOf(db, host), signal };
  const windows = { grid, windowMs: stepMs, by: [BUCKET_LABEL] };
  const cumulative = (await readGrowth(source, seriesOf(ofSubject(query), "bucket"), windows))
    .flatMap(({ labels, times, values }) => {
      const bound = readNumber(labels.get(BUCKET_LABEL));
      return bound === undefined
        ? []
        : [{ bound, at: new Map(Array.from(times, (time, n) => [time, values[n] ?? 0])) }];
    })
    .sort((a, b) => a.bound - b.bound);
  const steps = Array.from({ length }, (_, n) => {
    const end = grid.fromMs + n * stepMs;
    const isStored = cumulative.some(({ at }) => at.has(end));
    return { from: end - stepMs, counts: isStored ? differences(cumulative.map(({ at }) => at.get(end) ?? 0)) : null };
  });
  const bounds = cumulative.map(({ bound }) => (Number.isFinite(bound) ? bound : null));
  return { from: start, to: grid.toMs, stepMs, bounds, steps };
}

/** What each bucket holds beyond the one before it: never less than nothing, whatever another sender counts. */
function differences(cumulative: number[]): number[] {
  let before = 0;
  return cumulative.map((count) => {
    const own = Math.max(0, count - before);
    before = Math.max(before, count);
    return own;
  });
}
