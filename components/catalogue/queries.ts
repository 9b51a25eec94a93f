import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import type { MetricKind } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type CatalogueMetric = CallOutput<typeof contract.catalogue.list>["metrics"][number];
export type MetricDetails = CallOutput<typeof contract.catalogue.read>;
export type CatalogueQuery = NonNullable<CallInput<typeof contract.catalogue.list>["query"]>;

export const catalogueQuery = (query: CatalogueQuery) =>
  queryOptions({
    queryKey: ["catalogue", query],
    queryFn: ({ signal }) => call(contract.catalogue.list, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: MINUTE_MS,
  });

export const metricQuery = (name: string, kind: MetricKind) =>
  queryOptions({
    queryKey: ["catalogue", "metric", name, kind],
    queryFn: ({ signal }) => call(contract.catalogue.read, { query: { name, kind }, signal }),
    refetchInterval: MINUTE_MS,
  });
