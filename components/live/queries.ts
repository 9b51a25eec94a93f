import { queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import { apiTime, type ShownTime, timeKey } from "#components/time/shown-time.ts";
import * as contract from "#lib/contract/index.ts";
import type { RangeText } from "#lib/time/range/range.ts";

export type LiveRange = { host: number; series: readonly number[]; time: ShownTime; points: number };

/** What is asked of the API for a range, whose ends are as the API takes them. */
export const liveRangeInput = ({ host, series, points }: LiveRange, { from, to }: RangeText) => ({
  query: { host, series: series.map(String), from, to, points },
});

/** Reads a range anew. */
export const readLiveRange = (range: LiveRange, ends: RangeText, signal: AbortSignal) =>
  call(contract.metrics.query, { ...liveRangeInput(range, ends), signal });

/** Some series of a host over a range, at most `points` points each. */
export const liveRangeQuery = (range: LiveRange) =>
  queryOptions({
    queryKey: ["range", range.host, range.series.join(","), ...timeKey(range.time), range.points],
    queryFn: ({ signal }) => readLiveRange(range, apiTime(range.time, Date.now()), signal),
    staleTime: freshAtFirst,
  });
