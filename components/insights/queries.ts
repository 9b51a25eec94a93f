import { queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type Insights = CallOutput<typeof contract.insights.read>;
export type Recommendation = Insights["recommendations"][number];
export type Change = CallOutput<typeof contract.insights.compare>[number];
export type Annotation = CallOutput<typeof contract.annotations.list>[number];
export type SeriesForecast = CallOutput<typeof contract.forecasts.read>;

export const insightsQuery = (host: number) =>
  queryOptions({
    queryKey: ["insights", host],
    queryFn: ({ signal }) => call(contract.insights.read, { query: { host }, signal }),
    staleTime: freshAtFirst,
    refetchInterval: 5 * MINUTE_MS,
  });

/** A recommendation in words, by its key. */
export const wordingQuery = (host: number, key: string) =>
  queryOptions({
    queryKey: ["wording", host, key],
    queryFn: ({ signal }) => call(contract.insights.wording, { query: { host, key }, signal }),
  });

export const forecastQuery = (host: number, series: number, zone: string) =>
  queryOptions({
    queryKey: ["forecast", host, series, zone],
    staleTime: freshAtFirst,
    queryFn: ({ signal }) => call(contract.forecasts.read, { query: { host, series, zone }, signal }),
  });

export const annotationsQuery = (host: number) =>
  queryOptions({
    queryKey: ["annotations", host],
    staleTime: freshAtFirst,
    queryFn: ({ signal }) => call(contract.annotations.list, { query: { host }, signal }),
  });

/** What a host's metrics did after an instant, against the time before. */
export const compareQuery = (host: number, at: Date, zone: string) =>
  queryOptions({
    queryKey: ["compare", host, at.getTime(), zone],
    queryFn: ({ signal }) => call(contract.insights.compare, { query: { host, at: at.toISOString(), zone }, signal }),
  });
