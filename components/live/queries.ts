import { queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";

export type LiveRange = { host: number; series: readonly number[]; spanMs: number; points: number };

/** Reads a range anew. */
export const readLiveRange = ({ host, series, spanMs, points }: LiveRange, signal: AbortSignal) =>
  call(contract.metrics.query, {
    query: { host, series: series.map(String), from: `now-${spanMs}ms`, points },
    signal,
  });

/** The last `spanMs` of some series of a host, at most `points` points each. */
export const liveRangeQuery = (range: LiveRange) =>
  queryOptions({
    queryKey: ["range", range.host, range.series.join(","), range.spanMs, range.points],
    enabled: range.series.length > 0 && range.points > 0,
    queryFn: ({ signal }) => readLiveRange(range, signal),
  });
