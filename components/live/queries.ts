import { queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import { apiTime, type ShownTime, timeKey } from "#components/time/shown-time.ts";
import * as contract from "#lib/contract/index.ts";

export type LiveRange = { host: number; series: readonly number[]; time: ShownTime; points: number };

/** What is asked of the API for a range at `now` (ms). */
export const liveRangeInput = ({ host, series, time, points }: LiveRange, now: number) => ({
  query: { host, series: series.map(String), ...apiTime(time, now), points },
});

/** Reads a range anew. */
export const readLiveRange = (range: LiveRange, now: number, signal: AbortSignal) =>
  call(contract.metrics.query, { ...liveRangeInput(range, now), signal });

/** Some series of a host over a range, at most `points` points each. */
export const liveRangeQuery = (range: LiveRange) =>
  queryOptions({
    queryKey: ["range", range.host, range.series.join(","), ...timeKey(range.time), range.points],
    queryFn: ({ signal }) => readLiveRange(range, Date.now(), signal),
    staleTime: freshAtFirst,
  });
