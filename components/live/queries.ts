import { queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import * as contract from "#lib/contract/index.ts";

export type LiveRange = { host: number; series: readonly number[]; spanMs: number; points: number };

/** What is asked of the API for a range. */
export const liveRangeInput = ({ host, series, spanMs, points }: LiveRange) => ({
  query: { host, series: series.map(String), from: `now-${spanMs}ms`, points },
});

/** Reads a range anew. */
export const readLiveRange = (range: LiveRange, signal: AbortSignal) =>
  call(contract.metrics.query, { ...liveRangeInput(range), signal });

/** The last `spanMs` of some series of a host, at most `points` points each. */
export const liveRangeQuery = (range: LiveRange) =>
  queryOptions({
    queryKey: ["range", range.host, range.series.join(","), range.spanMs, range.points],
    queryFn: ({ signal }) => readLiveRange(range, signal),
    staleTime: freshAtFirst,
  });
