import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";
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

const MOST_FIRING = 200;

export const FIRING: NonNullable<CallInput<typeof contract.alerts.list>["query"]> = {
  ...{ from: "now-1m", to: "now", state: ["firing"], limit: MOST_FIRING },
};

/** How many alerts fire, by those that were read: "200+" where there may be more. */
export const firingText = (count: number): string => (count < MOST_FIRING ? String(count) : `${MOST_FIRING}+`);

/** What fires now: read anew when the stream says so, and each minute in case it is away. */
export const firingQuery = queryOptions({
  queryKey: ["alerts", "firing"],
  queryFn: ({ signal }) => call(contract.alerts.list, { query: FIRING, signal }),
  select: (alerts) => alerts.filter(({ endedAt }) => endedAt === null),
  staleTime: freshAtFirst,
  refetchInterval: 60 * SECOND_MS,
});

export const rulesQuery = queryOptions({
  queryKey: ["alert rules"],
  queryFn: ({ signal }) => call(contract.alertRules.list, { signal }),
});

type Which = Pick<Alert, "id" | "hostId">;

const alertKey = ({ hostId, id }: Which) => ["alerts", hostId, id] as const;

export const alertQuery = ({ hostId, id }: Which) =>
  queryOptions({
    queryKey: alertKey({ hostId, id }),
    queryFn: ({ signal }) => call(contract.alerts.read, { params: { id }, query: { host: hostId }, signal }),
    refetchInterval: REFETCH_MS,
  });

export const causeQuery = ({ hostId, id }: Which) =>
  queryOptions({
    queryKey: [...alertKey({ hostId, id }), "cause"],
    queryFn: ({ signal }) => call(contract.alertCauses.explain, { params: { id }, query: { host: hostId }, signal }),
  });

/** Does something about an alert, whose page and list then show it. */
function useAttending<T>(
  act: (which: { params: { id: number }; query: { host: number } }, input: T) => Promise<Alert>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, hostId, ...input }: Which & T) =>
      act({ params: { id }, query: { host: hostId } }, input as unknown as T),
    onSuccess: (alert) => {
      client.setQueryData(alertKey(alert), alert);
      return client.invalidateQueries({ queryKey: ["alerts"] });
    },
  });
}

/** Says that somebody works on an alert. */
export const useAcknowledge = () =>
  useAttending<{ comment: string; until: Date | null }>((which, body) =>
    call(contract.alerts.acknowledge, { ...which, body }),
  );

export const useUnacknowledge = () => useAttending<object>((which) => call(contract.alerts.unacknowledge, which));

export const useSnooze = () =>
  useAttending<{ until: Date | null }>((which, body) => call(contract.alerts.snooze, { ...which, body }));

export const useAssign = () =>
  useAttending<{ userId: string | null }>((which, body) => call(contract.alerts.assign, { ...which, body }));

export const useComment = () =>
  useAttending<{ text: string }>((which, body) => call(contract.alerts.comment, { ...which, body }));

/** Who may be given an alert. */
export const peopleQuery = queryOptions({
  queryKey: ["on-call people"],
  queryFn: ({ signal }) => call(contract.onCall.people, { signal }),
});

/** Creates a rule, or replaces the one with this id. */
export const useSaveRule = (id: number | undefined) =>
  useChange(rulesQuery.queryKey, (body: RuleRequest) =>
    id === undefined
      ? call(contract.alertRules.create, { body })
      : call(contract.alertRules.replace, { params: { id }, body }),
  );

export const useRemoveRule = () =>
  useChange(rulesQuery.queryKey, (id: number) => call(contract.alertRules.remove, { params: { id } }));

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

export const useRemoveChannel = () =>
  useChange(channelsQuery.queryKey, (id: number) => call(contract.alertChannels.remove, { params: { id } }));

/** Sends a test to a channel. */
export const useTestChannel = () =>
  useMutation({ mutationFn: (id: number) => call(contract.alertChannels.test, { params: { id } }) });

/** Sends again what a channel was given up with. */
export const useRetryChannel = () =>
  useChange(channelsQuery.queryKey, (id: number) => call(contract.alertChannels.retry, { params: { id } }));

export const silencesQuery = queryOptions({
  queryKey: ["alert silences"],
  queryFn: ({ signal }) => call(contract.alertSilences.list, { signal }),
  refetchInterval: 3 * REFETCH_MS,
});

export function useCreateSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pick<Silence, "matchers" | "comment" | "endsAt" | "maintenance" | "recurrence">) =>
      call(contract.alertSilences.create, { body }),
    onSuccess: (silences) => client.setQueryData(silencesQuery.queryKey, silences),
  });
}

export const useEndSilence = () =>
  useChange(silencesQuery.queryKey, (id: number) => call(contract.alertSilences.remove, { params: { id } }));
