import { queryOptions, useMutation } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type ListedCheck = CallOutput<typeof contract.checks.list>[number];
export type CheckDraft = NonNullable<CallInput<typeof contract.checks.create>["body"]>;

export const checksQuery = queryOptions({
  queryKey: ["checks"],
  queryFn: ({ signal }) => call(contract.checks.list, { signal }),
  refetchInterval: 10 * SECOND_MS,
});

export const useSaveCheck = () =>
  useChange(["checks"], ({ id, body }: { id: number | undefined; body: CheckDraft }) =>
    id === undefined ? call(contract.checks.create, { body }) : call(contract.checks.replace, { params: { id }, body }),
  );

export const useRemoveCheck = () =>
  useChange(["checks"], (id: number) => call(contract.checks.remove, { params: { id } }));

export const useTestCheck = () =>
  useMutation({ mutationFn: (body: CheckDraft) => call(contract.checks.test, { body }) });
