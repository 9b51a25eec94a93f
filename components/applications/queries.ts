import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Subject } from "#components/applications/addresses.ts";
import { type CallOutput, call } from "#components/layout/api.ts";
import type { QueryTime } from "#components/time/query-time.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type History = CallOutput<typeof contract.applications.history>;
export type Signals = CallOutput<typeof contract.applications.signals>;
export type Deploy = CallOutput<typeof contract.annotations.list>[number];

/** Requests are counted that often. */
const LEAST_MS = 15 * SECOND_MS;

export const applicationsQuery = (time: QueryTime) =>
  queryOptions({
    queryKey: ["applications", ...time.key],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { ...time.range() }, signal }),
    refetchInterval: time.every(LEAST_MS),
  });

/** The figures of one service; of none where it had no request. */
export const serviceQuery = ({ host, service }: Subject, time: QueryTime) =>
  queryOptions({
    queryKey: ["applications", "service", host, service, ...time.key],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { host, service, ...time.range() }, signal }),
    refetchInterval: time.every(LEAST_MS),
  });

export const operationsQuery = ({ host, service }: Subject, time: QueryTime) =>
  queryOptions({
    queryKey: ["applications", "operations", host, service, ...time.key],
    queryFn: ({ signal }) =>
      call(contract.applications.operations, { query: { host, service, ...time.range() }, signal }),
    refetchInterval: time.every(LEAST_MS),
  });

export const historyQuery = (subject: Subject, time: QueryTime) =>
  queryOptions({
    queryKey: ["applications", "history", subject, ...time.key],
    queryFn: ({ signal }) => call(contract.applications.history, { query: { ...subject, ...time.range() }, signal }),
    refetchInterval: time.every(LEAST_MS),
  });

/** In at most so many columns as fit. */
export const latencyQuery = (subject: Subject, time: QueryTime, points: number) =>
  queryOptions({
    queryKey: ["applications", "latency", subject, ...time.key, points],
    queryFn: ({ signal }) =>
      call(contract.applications.latency, { query: { ...subject, points, ...time.range() }, signal }),
    refetchInterval: time.every(LEAST_MS),
    enabled: points > 0,
    placeholderData: keepPreviousData,
  });

export const signalsQuery = ({ host, service }: Subject, time: QueryTime) =>
  queryOptions({
    queryKey: ["applications", "signals", host, service, ...time.key],
    queryFn: ({ signal }) => call(contract.applications.signals, { query: { host, service, ...time.range() }, signal }),
    refetchInterval: time.every(MINUTE_MS),
  });

/** What was deployed of a service. */
export const deploysQuery = ({ host, service }: Subject, time: QueryTime) =>
  queryOptions({
    queryKey: ["annotations", "deploys", host, service, ...time.key],
    queryFn: ({ signal }) =>
      call(contract.annotations.list, { query: { host, service, kind: "deploy", ...time.range() }, signal }),
    refetchInterval: time.every(MINUTE_MS),
  });
