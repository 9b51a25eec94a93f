"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "#components/layout/api.ts";
import { useLive } from "#components/live/live-provider.tsx";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { appendLive, type OpenBuckets } from "#lib/tsdb/points.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

/** Live values drift from what the server would average: the whole range is read anew now and then. */
const REREAD_MS = 5 * MINUTE_MS;

/** The last `spanMs` of some series of a host, sliding on with live frames; at most `points` points each. */
export function useRange(host: number, series: readonly number[], spanMs: number, points: number) {
  const queryClient = useQueryClient();
  const open = useRef<OpenBuckets>(new Map());
  const key = ["range", host, series.join(","), spanMs, points];
  const query = useQuery({
    queryKey: key,
    enabled: series.length > 0 && points > 0,
    refetchInterval: REREAD_MS,
    queryFn: ({ signal }) => {
      open.current = new Map();
      const search = new URLSearchParams({ host: String(host), from: `now-${spanMs}ms`, points: String(points) });
      for (const id of series) search.append("series", String(id));
      return api<RangeResult>(`/metrics/query?${search}`, { signal });
    },
  });
  useLive(
    series,
    (frame) =>
      queryClient.setQueryData<RangeResult>(
        key,
        (range) => range && appendLive(range, frame.at, new Map(frame.values), open.current),
      ),
    () => void queryClient.invalidateQueries({ queryKey: key }),
  );
  return query;
}
