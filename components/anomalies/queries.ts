import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type Anomaly = CallOutput<typeof contract.anomalies.read>;
export type Incident = CallOutput<typeof contract.incidents.read>;
export type StatusUpdate = CallInput<typeof contract.anomalies.update>["body"];

const REFETCH_MS = 30_000;

type AnomalyQuery = NonNullable<CallInput<typeof contract.anomalies.list>["query"]>;
type IncidentQuery = NonNullable<CallInput<typeof contract.incidents.list>["query"]>;
type TimelineQuery = NonNullable<CallInput<typeof contract.anomalies.timeline>["query"]>;

export const anomaliesQuery = (query: AnomalyQuery) =>
  queryOptions({
    queryKey: ["anomalies", query],
    queryFn: ({ signal }) => call(contract.anomalies.list, { query, signal }),
    refetchInterval: REFETCH_MS,
    placeholderData: keepPreviousData,
  });

export const incidentsQuery = (query: IncidentQuery) =>
  queryOptions({
    queryKey: ["incidents", query],
    queryFn: ({ signal }) => call(contract.incidents.list, { query, signal }),
    refetchInterval: REFETCH_MS,
    placeholderData: keepPreviousData,
  });

/** The range of a timeline, which reaches back so far. */
export const timelineSince = (span: string, host: number | undefined): TimelineQuery => ({ from: `now-${span}`, host });

/** How many anomalies began in each step of a range. What a page brought along is not asked for again. */
export const anomalyTimelineQuery = (query: TimelineQuery) =>
  queryOptions({
    queryKey: ["anomaly timeline", query],
    queryFn: ({ signal }) => call(contract.anomalies.timeline, { query, signal }),
    refetchInterval: MINUTE_MS,
    staleTime: freshAtFirst,
  });

/** So many of an incident's metrics are drawn, those that contribute most. */
export const CHARTS_AT_ONCE = 4;

/** The minutes around an anomaly as the detector saw them. */
export const anomalyScoreQuery = (host: number, id: number) =>
  queryOptions({
    queryKey: ["anomaly score", host, id],
    queryFn: ({ signal }) => call(contract.anomalies.score, { params: { id }, query: { host, points: 480 }, signal }),
  });
