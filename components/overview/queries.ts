import { queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";

const REFETCH_MS = 30_000;

/** How far back the overview shows when anomalies began. */
export const TIMELINE_SPAN = "7d";

/** Whether the n-th panel is as wide as the page. */
export const isWide = (n: number): boolean => n === 0;

/** A card of the overview: a figure now, over the last hour and a day before. */
export type OverviewCard = CallOutput<typeof contract.metrics.overview>[number];

export const overviewQuery = (host: number) =>
  queryOptions({
    queryKey: ["overview", host],
    queryFn: ({ signal }) => call(contract.metrics.overview, { query: { host }, signal }),
    refetchInterval: REFETCH_MS,
  });
