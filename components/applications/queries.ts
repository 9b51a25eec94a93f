import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Subject } from "#components/applications/addresses.ts";
import { type CallOutput, call } from "#components/layout/api.ts";
import { contract } from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type History = CallOutput<typeof contract.applications.history>;
export type Signals = CallOutput<typeof contract.applications.signals>;
export type Deploy = CallOutput<typeof contract.annotations.list>[number];

const refetchInterval = 15 * SECOND_MS;
const from = (spanMs: number) => `now-${spanMs / MINUTE_MS}m`;

export const applicationsQuery = (spanMs: number) =>
  queryOptions({
    queryKey: ["applications", spanMs],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { from: from(spanMs) }, signal }),
    refetchInterval,
  });

export const operationsQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "operations", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.applications.operations, { query: { host, service, from: from(spanMs) }, signal }),
    refetchInterval,
  });

export const historyQuery = (subject: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "history", subject, spanMs],
    queryFn: ({ signal }) => call(contract.applications.history, { query: { ...subject, from: from(spanMs) }, signal }),
    refetchInterval,
  });

/** In at most so many columns as fit. */
export const latencyQuery = (subject: Subject, spanMs: number, points: number) =>
  queryOptions({
    queryKey: ["applications", "latency", subject, spanMs, points],
    queryFn: ({ signal }) =>
      call(contract.applications.latency, { query: { ...subject, points, from: from(spanMs) }, signal }),
    refetchInterval,
    enabled: points > 0,
    placeholderData: keepPreviousData,
  });

export const signalsQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "signals", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.applications.signals, { query: { host, service, from: from(spanMs) }, signal }),
    refetchInterval: MINUTE_MS,
  });

/** What was deployed of a service. */
export const deploysQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["annotations", "deploys", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.annotations.list, { query: { host, service, kind: "deploy", from: from(spanMs) }, signal }),
    refetchInterval: MINUTE_MS,
  });
