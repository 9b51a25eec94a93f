import { queryOptions } from "@tanstack/react-query";
import { type CallInput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: ({ signal }) => call(contract.account.sessions, { signal }),
});

export const signInsQuery = queryOptions({
  queryKey: ["account", "sign-ins"],
  queryFn: ({ signal }) => call(contract.account.signIns, { signal }),
});

export const tokensQuery = queryOptions({
  queryKey: ["account", "tokens"],
  queryFn: ({ signal }) => call(contract.account.tokens, { signal }),
});

/** Signs another browser out. */
export const useCloseSession = () =>
  useChange(sessionsQuery.queryKey, (id: string) => call(contract.account.closeSession, { params: { id } }));

export type NewToken = NonNullable<CallInput<typeof contract.account.createToken>["body"]>;

/** Creates an API token, which the answer shows this once. */
export const useCreateToken = () =>
  useChange(tokensQuery.queryKey, (body: NewToken) => call(contract.account.createToken, { body }));

export const useRevokeToken = () =>
  useChange(tokensQuery.queryKey, (id: string) => call(contract.account.removeToken, { params: { id } }));
