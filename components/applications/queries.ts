import { queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import { contract } from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type History = CallOutput<typeof contract.applications.history>;
export type Shown = { host: number; service: string };

const refetchInterval = 15 * SECOND_MS;
const from = (spanMs: number) => `now-${spanMs / MINUTE_MS}m`;

export const applicationsQuery = (spanMs: number) =>
  queryOptions({
    queryKey: ["applications", spanMs],
    queryFn: ({ signal }) => call(contract.applications.list, { query: { from: from(spanMs) }, signal }),
    refetchInterval,
  });

export const operationsQuery = (shown: Shown, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "operations", shown, spanMs],
    queryFn: ({ signal }) =>
      call(contract.applications.operations, { query: { ...shown, from: from(spanMs) }, signal }),
    refetchInterval,
  });

export const historyQuery = (shown: Shown, spanMs: number) =>
  queryOptions({
    queryKey: ["applications", "history", shown, spanMs],
    queryFn: ({ signal }) => call(contract.applications.history, { query: { ...shown, from: from(spanMs) }, signal }),
    refetchInterval,
  });
