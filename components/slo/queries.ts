import { queryOptions, useMutation } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type ListedSlo = CallOutput<typeof contract.slos.list>[number];
export type SloDetail = CallOutput<typeof contract.slos.read>;
export type SloDraft = NonNullable<CallInput<typeof contract.slos.create>["body"]>;

const refetchInterval = 30 * SECOND_MS;

export const slosQuery = queryOptions({
  queryKey: ["slos"],
  queryFn: ({ signal }) => call(contract.slos.list, { signal }),
  refetchInterval,
});

export const sloQuery = (id: number) =>
  queryOptions({
    queryKey: ["slos", id],
    queryFn: ({ signal }) => call(contract.slos.read, { params: { id }, signal }),
    refetchInterval,
  });

export const useSaveSlo = () =>
  useChange(["slos"], ({ id, body }: { id: number | undefined; body: SloDraft }) =>
    id === undefined ? call(contract.slos.create, { body }) : call(contract.slos.replace, { params: { id }, body }),
  );

export const useRemoveSlo = () => useChange(["slos"], (id: number) => call(contract.slos.remove, { params: { id } }));

export const usePreviewSlo = () =>
  useMutation({ mutationFn: (body: SloDraft) => call(contract.slos.preview, { body }) });
