import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

export type Host = CallOutput<typeof contract.hosts.list>[number];
export type HostChange = NonNullable<CallInput<typeof contract.hosts.update>["body"]>;
export type NewToken = NonNullable<CallInput<typeof contract.agents.createToken>["body"]>;
export type CreatedToken = CallOutput<typeof contract.agents.createToken>;
export type EnrolmentToken = CallOutput<typeof contract.agents.listTokens>[number];

const LIST_MS = 10 * SECOND_MS;

export const hostsQuery = (retired: boolean, everyMs = LIST_MS) =>
  queryOptions({
    queryKey: ["hosts", { retired }],
    queryFn: ({ signal }) => call(contract.hosts.list, { query: { retired }, signal }),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });

export const sparklinesQuery = (hosts: number[]) =>
  queryOptions({
    queryKey: ["hosts", "sparklines", hosts],
    queryFn: ({ signal }) => call(contract.hosts.sparklines, { query: { hosts }, signal }),
    refetchInterval: 60 * SECOND_MS,
    staleTime: 30 * SECOND_MS,
    enabled: hosts.length > 0,
  });

export const tokensQuery = queryOptions({
  queryKey: ["hosts", "tokens"],
  queryFn: ({ signal }) => call(contract.agents.listTokens, { signal }),
  refetchInterval: LIST_MS,
});

export const useUpdateHost = () =>
  useChange(["hosts"], ({ id, ...body }: HostChange & { id: number }) =>
    call(contract.hosts.update, { params: { id }, body }),
  );

export const useMergeHost = () =>
  useChange(["hosts"], ({ id, into }: { id: number; into: number }) =>
    call(contract.hosts.merge, { params: { id }, body: { into } }),
  );

export const useRevokeAgent = () =>
  useChange(["hosts"], (id: number) => call(contract.hosts.revokeAgent, { params: { id } }));

export const useRotateAgent = () =>
  useChange(["hosts"], (id: number) => call(contract.hosts.rotateAgent, { params: { id } }));

export const useCreateToken = () =>
  useChange(["hosts"], (body: NewToken) => call(contract.agents.createToken, { body }));

export const useRemoveToken = () =>
  useChange(["hosts"], (id: string) => call(contract.agents.removeToken, { params: { id } }));

/** The series of a host. */
export const seriesQuery = (host: number) =>
  queryOptions({
    queryKey: ["series", host],
    queryFn: ({ signal }) => call(contract.series.list, { query: { host }, signal }) as Promise<SeriesInfo[]>,
    staleTime: MINUTE_MS,
  });
