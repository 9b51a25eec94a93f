import { queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";

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

export const useCreateAccount = () =>
  useChange(["accounts"], (body: NewAccount) => call(contract.accounts.create, { body }));

export const useChangeAccount = () =>
  useChange(["accounts"], ({ id, ...body }: AccountChange & { id: string }) =>
    call(contract.accounts.update, { params: { id }, body }),
  );

export const useResetAccount = () =>
  useChange(["accounts"], (id: string) => call(contract.accounts.reset, { params: { id }, body: {} }));

export const useRemoveAccount = () =>
  useChange(["accounts"], ({ id, to }: { id: string; to?: string | undefined }) =>
    call(contract.accounts.remove, { params: { id }, query: { to } }),
  );

export const useRevokeAnyToken = () =>
  useChange(["accounts"], (id: string) => call(contract.accounts.removeToken, { params: { id } }));
