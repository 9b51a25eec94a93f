import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import type { QueryTime } from "#components/time/query-time.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type TraceInfo = CallOutput<typeof contract.traces.list>["traces"][number];
export type Trace = CallOutput<typeof contract.traces.read>;
export type TraceFilter = Omit<
  NonNullable<CallInput<typeof contract.traces.list>["query"]>,
  "limit" | "offset" | "from" | "to"
>;

const PAGE = 50;

/** The traces that are kept, a page at a time. */
export const tracesQuery = (filter: TraceFilter, time: Pick<QueryTime, "key" | "range">) =>
  infiniteQueryOptions({
    queryKey: ["traces", filter, ...time.key],
    queryFn: ({ pageParam, signal }) =>
      call(contract.traces.list, { query: { ...filter, ...time.range(), limit: PAGE, offset: pageParam }, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => {
      const shown = pages.reduce((sum, { traces }) => sum + traces.length, 0);
      return shown < total && pages.at(-1)?.traces.length === PAGE ? shown : undefined;
    },
  });

/** The first few of them. */
export const someTracesQuery = (filter: TraceFilter, time: QueryTime, limit: number) =>
  queryOptions({
    queryKey: ["traces", "some", filter, ...time.key, limit],
    queryFn: ({ signal }) => call(contract.traces.list, { query: { ...filter, ...time.range(), limit }, signal }),
    refetchInterval: time.every(15 * SECOND_MS),
  });
