import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { contract } from "#lib/contract/index.ts";

export type Account = CallOutput<typeof contract.accounts.list>[number];
export type AccountLink = CallOutput<typeof contract.accounts.create>["link"];
export type NewAccount = NonNullable<CallInput<typeof contract.accounts.create>["body"]>;
export type AccountChange = NonNullable<CallInput<typeof contract.accounts.update>["body"]>;

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: ({ signal }) => call(contract.accounts.list, { signal }),
});

export const allTokensQuery = queryOptions({
  queryKey: ["accounts", "tokens"],
  queryFn: ({ signal }) => call(contract.accounts.tokens, { signal }),
});

/** A change of accounts, after which they are read again. */
function useAccountMutation<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ["accounts"] }) });
}

export const useCreateAccount = () =>
  useAccountMutation((body: NewAccount) => call(contract.accounts.create, { body }));

export const useChangeAccount = () =>
  useAccountMutation(({ id, ...body }: AccountChange & { id: string }) =>
    call(contract.accounts.update, { params: { id }, body }),
  );

export const useResetAccount = () =>
  useAccountMutation((id: string) => call(contract.accounts.reset, { params: { id }, body: {} }));

export const useRemoveAccount = () =>
  useAccountMutation(({ id, to }: { id: string; to?: string | undefined }) =>
    call(contract.accounts.remove, { params: { id }, query: { to } }),
  );

export const useRevokeAnyToken = () =>
  useAccountMutation((id: string) => call(contract.accounts.removeToken, { params: { id } }));
