import { queryOptions } from "@tanstack/react-query";
import { incidentsQuery } from "#components/anomalies/queries.ts";
import { call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export const ONGOING_INCIDENTS = { ongoing: true, limit: 100 } as const;
export const ongoingIncidentsQuery = incidentsQuery(ONGOING_INCIDENTS);

export const RECENT_CHANGES = { from: "now-1h", to: "now" } as const;
export const recentChangesQuery = queryOptions({
  queryKey: ["annotations", RECENT_CHANGES],
  queryFn: ({ signal }) => call(contract.annotations.list, { query: RECENT_CHANGES, signal }),
  refetchInterval: MINUTE_MS,
});
