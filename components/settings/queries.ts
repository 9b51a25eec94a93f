import { queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type StorageFigures = CallOutput<typeof contract.storage.read>;

export type Status = CallOutput<typeof contract.system.status>;
export type Failure = Status["failures"][number];

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => call(contract.system.status, { signal }),
  refetchInterval: MINUTE_MS / 4,
});

export const storageQuery = queryOptions({
  queryKey: ["storage"],
  queryFn: ({ signal }) => call(contract.storage.read, { signal }),
  refetchInterval: MINUTE_MS,
});

/** The trend of a host's file systems, by the past week. */
export const diskTrendQuery = (host: number) =>
  queryOptions({
    queryKey: ["trends", host],
    queryFn: ({ signal }) => call(contract.metrics.trends, { query: { host, hours: 168 }, signal }),
  });

export type DetectionOverride = CallOutput<typeof contract.detection.overrides>[number];

/** Overrides of the settings, by metric and host. */
export const overridesQuery = queryOptions({
  queryKey: ["overrides"],
  queryFn: ({ signal }) => call(contract.detection.overrides, { signal }),
});

export type PreviewInput = NonNullable<CallInput<typeof contract.detection.preview>["query"]>;

/** What a policy would have raised. */
export const detectionPreviewQuery = (query: PreviewInput) =>
  queryOptions({
    queryKey: ["preview", query],
    queryFn: ({ signal }) => call(contract.detection.preview, { query, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
