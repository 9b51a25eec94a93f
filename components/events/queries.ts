import { queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type ListedHook = CallOutput<typeof contract.eventHooks.list>[number];
export type HookWithSecret = CallOutput<typeof contract.eventHooks.create>;
type NewHook = NonNullable<CallInput<typeof contract.eventHooks.create>["body"]>;

const KEY = ["event-hooks"];

export const hooksQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => call(contract.eventHooks.list, { signal }),
  refetchInterval: 5 * SECOND_MS,
});

export const useCreateHook = () => useChange(KEY, (body: NewHook) => call(contract.eventHooks.create, { body }));

export const useRemoveHook = () => useChange(KEY, (id: number) => call(contract.eventHooks.remove, { params: { id } }));
