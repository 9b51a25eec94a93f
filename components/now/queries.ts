import { queryOptions } from "@tanstack/react-query";
import { incidentsQuery } from "#components/anomalies/queries.ts";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export const ONGOING_INCIDENTS = { ongoing: true, limit: 100 } as const;
export const ongoingIncidentsQuery = incidentsQuery(ONGOING_INCIDENTS);

export type ChangedExperiment = CallOutput<typeof contract.experiments.list>[number];
export type ChangedSetting = CallOutput<typeof contract.settings.changes>[number];
export type FirstSteps = CallOutput<typeof contract.system.firstSteps>;
export type Upcoming = CallOutput<typeof contract.insights.upcoming>[number];

export const RECENT_CHANGES = { from: "now-1h", to: "now" } as const;
export const recentChangesQuery = queryOptions({
  queryKey: ["annotations", RECENT_CHANGES],
  queryFn: ({ signal }) => call(contract.annotations.list, { query: RECENT_CHANGES, signal }),
  refetchInterval: MINUTE_MS,
});

export const CHANGED_EXPERIMENTS = { since: "now-1h" } as const;
export const changedExperimentsQuery = queryOptions({
  queryKey: ["experiments", CHANGED_EXPERIMENTS],
  queryFn: ({ signal }) => call(contract.experiments.list, { query: CHANGED_EXPERIMENTS, signal }),
  refetchInterval: MINUTE_MS,
});

export const changedSettingsQuery = queryOptions({
  queryKey: ["settings", RECENT_CHANGES],
  queryFn: ({ signal }) => call(contract.settings.changes, { query: RECENT_CHANGES, signal }),
  refetchInterval: MINUTE_MS,
});

export const upcomingQuery = queryOptions({
  queryKey: ["upcoming"],
  queryFn: ({ signal }) => call(contract.insights.upcoming, { signal }),
  refetchInterval: 5 * MINUTE_MS,
});

export const firstStepsQuery = queryOptions({
  queryKey: ["first-steps"],
  queryFn: ({ signal }) => call(contract.system.firstSteps, { signal }),
  // Once all is done nothing is to be read any more.
  refetchInterval: ({ state: { data } }) => (data && Object.values(data).every(Boolean) ? false : MINUTE_MS),
});
