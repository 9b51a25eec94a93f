import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, call } from "#components/layout/api.ts";
import { contract } from "#lib/contract/index.ts";

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
export function useCloseSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(contract.account.closeSession, { params: { id } }),
    onSuccess: () => client.invalidateQueries(sessionsQuery),
  });
}

export type NewToken = NonNullable<CallInput<typeof contract.account.createToken>["body"]>;

/** Creates an API token, which the answer shows this once. */
export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => call(contract.account.createToken, { body }),
    onSuccess: () => client.invalidateQueries(tokensQuery),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(contract.account.removeToken, { params: { id } }),
    onSuccess: () => client.invalidateQueries(tokensQuery),
  });
}
