import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import type { Action } from "#lib/contract/experiment-names.ts";
import * as contract from "#lib/contract/index.ts";

export type Experiment = CallOutput<typeof contract.experiments.read>;
export type Results = CallOutput<typeof contract.experiments.results>;
export type MetricResult = Results["metrics"][number];
export type Comparison = MetricResult["comparisons"][number];
export type History = CallOutput<typeof contract.experiments.history>;
export type SeriesRange = CallOutput<typeof contract.metrics.query>;

const REFETCH_MS = 15_000;

/** An experiment; its stop rules may end it while it is looked at. */
export const experimentQuery = (id: number) =>
  queryOptions({
    queryKey: ["experiment", id],
    queryFn: ({ signal }) => call(contract.experiments.read, { params: { id: String(id) }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? REFETCH_MS : false),
  });

/** The results, again and again while the experiment runs; none before it has started. */
export const resultsQuery = ({ id, status, startedAt }: Pick<Experiment, "id" | "status" | "startedAt">) =>
  queryOptions({
    queryKey: ["experiment", id, "results"],
    queryFn: ({ signal }) => call(contract.experiments.results, { params: { id: String(id) }, signal }),
    enabled: startedAt !== null,
    refetchInterval: status === "running" ? REFETCH_MS : false,
  });

/** The keys of web pages. */
export const publishableKeysQuery = queryOptions({
  queryKey: ["publishable-keys"],
  queryFn: ({ signal }) => call(contract.publishableKeys.list, { signal }),
});

/** A metric's effect by day. */
export const timelineQuery = (id: number, metric: string) =>
  queryOptions({
    queryKey: ["experiment", id, "timeline", metric],
    queryFn: ({ signal }) =>
      call(contract.experiments.timeline, { params: { id: String(id) }, query: { metric }, signal }),
  });

export const dimensionsQuery = (id: number) =>
  queryOptions({
    queryKey: ["experiment", id, "dimensions"],
    queryFn: ({ signal }) => call(contract.experiments.dimensions, { params: { id: String(id) }, signal }),
  });

/** Changes and verdicts; read again as soon as the state does not fit what was read. */
export const historyQuery = (id: number, state: string) =>
  queryOptions({
    queryKey: ["experiment", id, "history", state],
    queryFn: ({ signal }) => call(contract.experiments.history, { params: { id: String(id) }, signal }),
  });

/** Deploys, changes and notes while the experiment ran. */
export const annotationsQuery = ({ startedAt, stoppedAt }: Pick<Experiment, "startedAt" | "stoppedAt">) =>
  queryOptions({
    queryKey: ["annotations", startedAt, stoppedAt],
    queryFn: ({ signal }) =>
      call(contract.annotations.list, {
        query: { from: startedAt?.toISOString(), ...(stoppedAt ? { to: stoppedAt.toISOString() } : {}) },
        signal,
      }),
    enabled: startedAt !== null,
  });

type Period = { host: string; series: string; from: number; lengthMs: number };

const PERIOD_POINTS = 300;

/** A series of a host over a period. */
export const periodQuery = ({ host, series, from, lengthMs }: Period) =>
  queryOptions({
    queryKey: ["period", host, series, from, lengthMs],
    queryFn: ({ signal }) =>
      call(contract.metrics.query, {
        query: {
          host: Number(host),
          series: [series],
          from: String(from),
          to: String(from + lengthMs),
          points: PERIOD_POINTS,
        },
        signal,
      }),
    enabled: series !== "" && Number.isFinite(from),
  });

/** Starts, pauses, resumes, stops or archives an experiment. */
export function useTransition(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { action: Action; reason?: string }) =>
      call(contract.experiments.transition, { params: { id: String(id) }, body }),
    onSuccess: async (moved) => {
      client.setQueryData(experimentQuery(id).queryKey, moved);
      await client.invalidateQueries({ queryKey: ["experiment", id] });
    },
  });
}

export type PlanInput = CallInput<typeof contract.experiments.create>["body"];

/** Creates a draft, or replaces the one with this id. @throws ApiError */
export const saveDraft = (id: number | undefined, body: PlanInput): Promise<Experiment> =>
  id === undefined
    ? call(contract.experiments.create, { body })
    : call(contract.experiments.replace, { params: { id: String(id) }, body });
