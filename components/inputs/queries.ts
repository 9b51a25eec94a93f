import { queryOptions, useMutation } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type ListedInput = CallOutput<typeof contract.inputs.list>[number];
export type InputWithToken = CallOutput<typeof contract.inputs.create>;
export type ListedTarget = CallOutput<typeof contract.inputs.targets>["targets"][number];
export type TriedScrape = CallOutput<typeof contract.inputs.tryScrape>;
type ScrapeAttempt = NonNullable<CallInput<typeof contract.inputs.tryScrape>["body"]>;
type NewInput = NonNullable<CallInput<typeof contract.inputs.create>["body"]>;
type InputChange = NonNullable<CallInput<typeof contract.inputs.update>["body"]>;

export const inputsQuery = queryOptions({
  queryKey: ["inputs"],
  queryFn: ({ signal }) => call(contract.inputs.list, { signal }),
  refetchInterval: 5 * SECOND_MS,
});

export const inputQuery = (id: number) =>
  queryOptions({
    queryKey: ["inputs", id],
    queryFn: ({ signal }) => call(contract.inputs.read, { params: { id }, signal }),
  });

export const targetsQuery = (id: number) =>
  queryOptions({
    queryKey: ["inputs", id, "targets"],
    queryFn: ({ signal }) => call(contract.inputs.targets, { params: { id }, signal }),
    // The states are written down each two seconds.
    refetchInterval: 2 * SECOND_MS,
  });

export const useTryScrape = () =>
  useMutation({ mutationFn: (body: ScrapeAttempt) => call(contract.inputs.tryScrape, { body }) });

export const useCreateInput = () => useChange(["inputs"], (body: NewInput) => call(contract.inputs.create, { body }));

export const useChangeInput = () =>
  useChange(["inputs"], ({ id, body }: { id: number; body: InputChange }) =>
    call(contract.inputs.update, { params: { id }, body }),
  );

export const useRenewToken = () =>
  useChange(["inputs"], (id: number) => call(contract.inputs.renewToken, { params: { id } }));

export const useRemoveInput = () =>
  useChange(["inputs"], (id: number) => call(contract.inputs.remove, { params: { id } }));
