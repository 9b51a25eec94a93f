import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";

export type Route = CallOutput<typeof contract.alertRouting.read>["tree"];
export type OnCall = CallOutput<typeof contract.onCall.list>[number];
type OnCallRequest = CallInput<typeof contract.onCall.create>["body"];

export const routingQuery = queryOptions({
  queryKey: ["alert routing"],
  queryFn: ({ signal }) => call(contract.alertRouting.read, { signal }),
});

export function useSaveRouting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (tree: Route) => call(contract.alertRouting.replace, { body: { tree } }),
    onSuccess: (routing) => client.setQueryData(routingQuery.queryKey, routing),
  });
}

/** Who would get an alert. */
export const useRouteTest = () =>
  useMutation({
    mutationFn: (body: CallInput<typeof contract.alertRouting.test>["body"]) =>
      call(contract.alertRouting.test, { body }),
  });

export const inhibitionsQuery = queryOptions({
  queryKey: ["alert inhibitions"],
  queryFn: ({ signal }) => call(contract.alertRouting.inhibitions, { signal }),
});

export function useCreateInhibition() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CallInput<typeof contract.alertRouting.createInhibition>["body"]) =>
      call(contract.alertRouting.createInhibition, { body }),
    onSuccess: (rows) => client.setQueryData(inhibitionsQuery.queryKey, rows),
  });
}

export const useRemoveInhibition = () =>
  useChange(inhibitionsQuery.queryKey, (id: number) =>
    call(contract.alertRouting.removeInhibition, { params: { id } }),
  );

export const onCallQuery = queryOptions({
  queryKey: ["on call"],
  queryFn: ({ signal }) => call(contract.onCall.list, { signal }),
});

/** Creates a schedule, or replaces the one with this id. */
export function useSaveOnCall(id: number | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: OnCallRequest) =>
      id === undefined
        ? call(contract.onCall.create, { body })
        : call(contract.onCall.replace, { params: { id }, body }),
    onSuccess: (schedules) => client.setQueryData(onCallQuery.queryKey, schedules),
  });
}

export const useRemoveOnCall = () =>
  useChange(onCallQuery.queryKey, (id: number) => call(contract.onCall.remove, { params: { id } }));

export function useOverride(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CallInput<typeof contract.onCall.override>["body"]) =>
      call(contract.onCall.override, { params: { id }, body }),
    onSuccess: (schedules) => client.setQueryData(onCallQuery.queryKey, schedules),
  });
}

export const useCalendarUrl = () =>
  useMutation({ mutationFn: (id: number) => call(contract.onCall.calendarUrl, { params: { id } }) });
