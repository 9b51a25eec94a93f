"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "#components/live/live-provider.tsx";
import { type LiveRange, liveRangeQuery, readLiveRange } from "#components/live/queries.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { appendLive, type OpenBuckets } from "#lib/tsdb/points.ts";

/** Live values drift from what the server would average: the whole range is read again now and then. */
const REFETCH_MS = 5 * MINUTE_MS;

/** The last of some series of a host, sliding on with live frames; asked for once it is wanted. */
export function useRange(range: LiveRange, wanted: boolean) {
  const queryClient = useQueryClient();
  const open = useRef<OpenBuckets>(new Map());
  const options = liveRangeQuery(range);
  const query = useQuery({
    ...options,
    enabled: wanted && range.series.length > 0,
    refetchInterval: REFETCH_MS,
    queryFn: ({ signal }) => {
      open.current = new Map();
      return readLiveRange(range, signal);
    },
  });
  useLive(
    range.series,
    (frame) =>
      queryClient.setQueryData(
        options.queryKey,
        (before) => before && appendLive(before, frame.at, new Map(frame.values), open.current),
      ),
    () => void queryClient.invalidateQueries(options),
  );
  return query;
}
