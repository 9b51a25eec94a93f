import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Subject } from "#components/applications/addresses.ts";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type History = CallOutput<typeof contract.applications.history>;
export type Signals = CallOutput<typeof contract.applications.signals>;
export type Deploy = CallOutput<typeof contract.annotations.list>[number];

/** As often as a chart has something new to show: a long span is not read again each few seconds. */
const refetchInterval = (spanMs: number) => Math.max(15 * SECOND_MS, spanMs / 240);
const from = (spanMs: number) => `now-${spanMs / MINUTE_MS}m`;

export const applicationsQuery = (spanMs: number) =>
  queryOptions({
    queryKey: ["applications", spanMs],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { from: from(spanMs) }, signal }),
    refetchInterval: refetchInterval(spanMs),
  });

/** The figures of one service; of none where it had no request. */
export const serviceQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "service", host, service, spanMs],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { host, service, from: from(spanMs) }, signal }),
    refetchInterval: refetchInterval(spanMs),
  });

export const operationsQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "operations", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.applications.operations, { query: { host, service, from: from(spanMs) }, signal }),
    refetchInterval: refetchInterval(spanMs),
  });

export const historyQuery = (subject: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "history", subject, spanMs],
    queryFn: ({ signal }) => call(contract.applications.history, { query: { ...subject, from: from(spanMs) }, signal }),
    refetchInterval: refetchInterval(spanMs),
  });

/** In at most so many columns as fit. */
export const latencyQuery = (subject: Subject, spanMs: number, points: number) =>
  queryOptions({
    queryKey: ["applications", "latency", subject, spanMs, points],
    queryFn: ({ signal }) =>
      call(contract.applications.latency, { query: { ...subject, points, from: from(spanMs) }, signal }),
    refetchInterval: refetchInterval(spanMs),
    enabled: points > 0,
    placeholderData: keepPreviousData,
  });

export const signalsQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "signals", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.applications.signals, { query: { host, service, from: from(spanMs) }, signal }),
    refetchInterval: Math.max(MINUTE_MS, refetchInterval(spanMs)),
  });

/** What was deployed of a service. */
export const deploysQuery = ({ host, service }: Subject, spanMs: number) =>
  queryOptions({
    queryKey: ["annotations", "deploys", host, service, spanMs],
    queryFn: ({ signal }) =>
      call(contract.annotations.list, { query: { host, service, kind: "deploy", from: from(spanMs) }, signal }),
    refetchInterval: MINUTE_MS,
  });
