import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { contract } from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type Alert = CallOutput<typeof contract.alerts.list>[number];
export type Rule = CallOutput<typeof contract.alertRules.list>[number];
export type Channel = CallOutput<typeof contract.alertChannels.list>[number];
export type ChannelRequest = CallInput<typeof contract.alertChannels.create>["body"];
export type Silence = CallOutput<typeof contract.alertSilences.list>[number];
export type RuleRequest = CallInput<typeof contract.alertRules.create>["body"];

/** Alerts change with each evaluation. */
const REFETCH_MS = 5 * SECOND_MS;

export const alertsQuery = (from: string) =>
  queryOptions({
    queryKey: ["alerts", from],
    queryFn: ({ signal }) => call(contract.alerts.list, { query: { from, to: "now", limit: 500 }, signal }),
    refetchInterval: REFETCH_MS,
  });

export const rulesQuery = queryOptions({
  queryKey: ["alert rules"],
  queryFn: ({ signal }) => call(contract.alertRules.list, { signal }),
});

/** Says that somebody works on an alert. */
export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, hostId, comment }: Pick<Alert, "id" | "hostId"> & { comment: string }) =>
      call(contract.alerts.acknowledge, { params: { id }, query: { host: hostId }, body: { comment } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

/** Creates a rule, or replaces the one with this id. */
export function useSaveRule(id: number | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RuleRequest) =>
      id === undefined
        ? call(contract.alertRules.create, { body })
        : call(contract.alertRules.replace, { params: { id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
}

export function useRemoveRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(contract.alertRules.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
}

export const channelsQuery = queryOptions({
  queryKey: ["alert channels"],
  queryFn: ({ signal }) => call(contract.alertChannels.list, { signal }),
  refetchInterval: 3 * REFETCH_MS,
});

/** Creates a channel, or replaces the one with this id. */
export function useSaveChannel(id: number | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChannelRequest) =>
      id === undefined
        ? call(contract.alertChannels.create, { body })
        : call(contract.alertChannels.replace, { params: { id }, body }),
    onSuccess: (channels) => client.setQueryData(channelsQuery.queryKey, channels),
  });
}

export function useRemoveChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(contract.alertChannels.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
}

/** Sends a test to a channel. */
export const useTestChannel = () =>
  useMutation({ mutationFn: (id: number) => call(contract.alertChannels.test, { params: { id } }) });

export const silencesQuery = queryOptions({
  queryKey: ["alert silences"],
  queryFn: ({ signal }) => call(contract.alertSilences.list, { signal }),
  refetchInterval: 3 * REFETCH_MS,
});

export function useCreateSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pick<Silence, "matchers" | "comment" | "endsAt">) =>
      call(contract.alertSilences.create, { body }),
    onSuccess: (silences) => client.setQueryData(silencesQuery.queryKey, silences),
  });
}

export function useEndSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(contract.alertSilences.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: silencesQuery.queryKey }),
  });
}
