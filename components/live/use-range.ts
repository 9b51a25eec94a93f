"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "#components/live/live-provider.tsx";
import { type LiveRange, liveRangeQuery, readLiveRange } from "#components/live/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { isAnchored } from "#lib/time/range/range.ts";
import { appendLive, type OpenBuckets } from "#lib/tsdb/points.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

/** Live values drift from what the server would average: the whole range is read again now and then. */
const REFETCH_MS = 5 * MINUTE_MS;

/** Who wants charts to move on no more often than that wants no stream, ms. */
const STREAM_MS = 10 * SECOND_MS;

/** Longer steps are of what the server averages: the samples of a browser would say little of a day. */
const LONGEST_STEP_MS = 5 * MINUTE_MS;

/** A range whose start stays where it is grows by as much as appending would move it on. */
const kept = (range: RangeResult, at: number): RangeResult => ({
  ...range,
  from: range.from - Math.max(0, at + 1 - range.to),
});

/** Some series of a host over the page's range, which moves on with live frames where it ends now; asked for once it is wanted. */
export function useRange(range: LiveRange, wanted: boolean) {
  const queryClient = useQueryClient();
  const time = usePageTime();
  const open = useRef<OpenBuckets>(new Map());
  const options = liveRangeQuery(range);
  const isStreamed = time.moves && time.refreshMs !== undefined && time.refreshMs <= STREAM_MS;
  const query = useQuery({
    ...options,
    enabled: wanted && range.series.length > 0,
    // The chart stays, with the focus, while another range of the same comes.
    placeholderData: (before, query) =>
      query?.queryKey.slice(0, 3).join() === options.queryKey.slice(0, 3).join() ? before : undefined,
    refetchInterval: isStreamed ? REFETCH_MS : time.every(SECOND_MS),
    queryFn: ({ signal }) => {
      open.current = new Map();
      return readLiveRange(range, time.range(), signal);
    },
  });
  const isFine = query.data === undefined || query.data.stepMs <= LONGEST_STEP_MS;
  const hasGrown = isAnchored(range.time);
  useLive(
    isStreamed && isFine ? range.series : [],
    (frame) =>
      queryClient.setQueryData(
        options.queryKey,
        (before) =>
          before &&
          appendLive(hasGrown ? kept(before, frame.at) : before, frame.at, new Map(frame.values), open.current),
      ),
    () => void queryClient.invalidateQueries(options),
  );
  return query;
}
