import { queryOptions, useMutation } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import { useChange } from "#components/layout/use-change.ts";
import type { QueryTime } from "#components/time/query-time.ts";
import type { DatabaseSort, SessionGroup } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type Server = CallOutput<typeof contract.databases.list>[number];
export type ServerRequest = CallInput<typeof contract.databases.create>["body"];
export type Finding = CallOutput<typeof contract.databases.findings>[number];
export type Statement = CallOutput<typeof contract.databaseActivity.statements>["statements"][number];
export type LockedSession = CallOutput<typeof contract.databaseActivity.locks>["sessions"][number];
export type TableRow = CallOutput<typeof contract.databaseCatalog.tables>["tables"][number];
export type IndexRow = CallOutput<typeof contract.databaseCatalog.tables>["indexes"][number];

/** What is stored of a server changes once a minute. */
const REFETCH_MS = 30 * SECOND_MS;
const LIVE_MS = 5 * SECOND_MS;

export const serversQuery = queryOptions({
  queryKey: ["databases"],
  queryFn: ({ signal }) => call(contract.databases.list, { signal }),
  refetchInterval: 10 * SECOND_MS,
});

export const serverQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id],
    queryFn: ({ signal }) => call(contract.databases.read, { params: { id }, signal }),
    refetchInterval: 10 * SECOND_MS,
  });

export const findingsQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id, "findings"],
    queryFn: ({ signal }) => call(contract.databases.findings, { params: { id }, signal }),
    staleTime: freshAtFirst,
    refetchInterval: REFETCH_MS,
  });

export const statementsQuery = (id: number, time: QueryTime, sort: DatabaseSort) =>
  queryOptions({
    queryKey: ["databases", id, "statements", ...time.key, sort],
    queryFn: ({ signal }) =>
      call(contract.databaseActivity.statements, { params: { id }, query: { ...time.range(), sort }, signal }),
    refetchInterval: time.every(REFETCH_MS),
  });

export const statementQuery = (id: number, query: string, time: QueryTime) =>
  queryOptions({
    queryKey: ["databases", id, "statement", query, ...time.key],
    queryFn: ({ signal }) =>
      call(contract.databaseActivity.statement, { params: { id }, query: { ...time.range(), query }, signal }),
  });

/** A plan is made when somebody wants it. */
export const usePlan = (id: number) =>
  useMutation({
    mutationFn: (body: { queryId: string; database: string }) =>
      call(contract.databaseActivity.explain, { params: { id }, body }),
  });

export const sessionsQuery = (id: number, time: QueryTime, by: SessionGroup) =>
  queryOptions({
    queryKey: ["databases", id, "sessions", ...time.key, by],
    queryFn: ({ signal }) =>
      call(contract.databaseActivity.sessions, { params: { id }, query: { ...time.range(), by }, signal }),
    refetchInterval: time.every(REFETCH_MS),
  });

export const locksQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id, "locks"],
    queryFn: ({ signal }) => call(contract.databaseActivity.locks, { params: { id }, signal }),
    refetchInterval: LIVE_MS,
    retry: false,
  });

export const tablesQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id, "tables"],
    queryFn: ({ signal }) => call(contract.databaseCatalog.tables, { params: { id }, signal }),
    refetchInterval: REFETCH_MS,
  });

export const replicationQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id, "replication"],
    staleTime: freshAtFirst,
    queryFn: ({ signal }) => call(contract.databaseCatalog.replication, { params: { id }, signal }),
    refetchInterval: REFETCH_MS,
  });

export const settingsQuery = (id: number) =>
  queryOptions({
    queryKey: ["databases", id, "settings"],
    queryFn: ({ signal }) => call(contract.databaseCatalog.settings, { params: { id }, signal }),
    refetchInterval: REFETCH_MS,
  });

/** The response time of a server over the past hour. */
export const responseQuery = ({ id, host, name, own, kind, version }: Server) =>
  queryOptions({
    queryKey: ["databases", id, "response"],
    queryFn: ({ signal }) =>
      call(contract.metrics.query, {
        query: {
          host: host.id,
          series: [own ? 'postgres.response{server!~".+"}' : `${kind}.response{server=${JSON.stringify(name)}}`],
          from: "now-1h",
          to: "now",
          step: MINUTE_MS,
        },
        signal,
      }),
    refetchInterval: MINUTE_MS,
    retry: false,
    // One that was never read has no series.
    enabled: version !== null,
  });

/** Adds a server, or changes the one with this id. */
export const useSaveServer = (id: number | undefined) =>
  useChange(["databases"], (body: ServerRequest) =>
    id === undefined
      ? call(contract.databases.create, { body })
      : call(contract.databases.replace, { params: { id }, body }),
  );

/** Connects once with what was entered. */
export const useTestServer = (id: number | undefined) =>
  useMutation({
    mutationFn: (body: ServerRequest) =>
      call(contract.databases.test, { body: { ...body, ...(id !== undefined && { id }) } }),
  });

export const useRemoveServer = () =>
  useChange(["databases"], (id: number) => call(contract.databases.remove, { params: { id } }));
