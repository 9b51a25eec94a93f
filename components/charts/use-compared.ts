"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { COMPARED_NAMES, type ComparedLines, onSteps } from "#components/charts/compared.ts";
import { call } from "#components/layout/api.ts";
import type { LiveRange } from "#components/live/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { comparedRange } from "#lib/time/range/moves.ts";

/** So often it is read anew while the chart moves on, and so far ahead it is read. */
const AHEAD_MS = 5 * MINUTE_MS;

/** What a chart is compared with, where its page compares: in the chart's own steps, once these are known. */
export function useCompared(range: LiveRange, stepMs: number | undefined): ComparedLines | undefined {
  const { compare, instants, moves, key, shown } = usePageTime();
  const { host, series } = range;
  const { data } = useQuery({
    queryKey: ["compared", compare, host, series.join(","), ...key, shown.zone, stepMs],
    queryFn:
      compare === undefined || stepMs === undefined || series.length === 0
        ? skipToken
        : async ({ signal }): Promise<ComparedLines> => {
            const { from, to, forth } = comparedRange(compare, instants(), shown.zone);
            const answer = await call(contract.metrics.query, {
              query: {
                ...{ host, series: series.map(String), step: stepMs },
                from: String(Math.max(0, from)),
                to: String(Math.max(1, to + (moves ? 2 * AHEAD_MS : 0))),
              },
              signal,
            });
            const lines = answer.series.map(({ id, intervalMs, points }) => ({
              id,
              points: onSteps(points, forth, { stepMs, intervalMs }),
            }));
            return { name: COMPARED_NAMES[compare], lines };
          },
    refetchInterval: moves && AHEAD_MS,
  });
  return data;
}
