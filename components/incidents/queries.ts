import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Incident } from "#components/anomalies/queries.ts";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type Timeline = CallOutput<typeof contract.incidents.timeline>;
export type TimelineEntry = Timeline["entries"][number];
export type Guide = CallOutput<typeof contract.incidents.guide>;
export type PostMortem = CallOutput<typeof contract.postMortems.read>;
export type PostMortemHead = CallOutput<typeof contract.postMortems.list>[number];
export type PostMortemBody = CallInput<typeof contract.postMortems.save>["body"];

/** Which incident. */
export type Which = Pick<Incident, "id" | "hostId">;

const keyOf = ({ id, hostId }: Which) => ["incident", hostId, id] as const;

/** What an incident is asked for by. */
export const inputOf = ({ id, hostId }: Which) => ({ params: { id }, query: { host: hostId } });

/** What people do is seen by others so soon. */
const REFETCH_MS = 15 * SECOND_MS;
/** Causes are looked for anew while it goes on: that takes more. */
const GUIDE_REFETCH_MS = 60 * SECOND_MS;

export const incidentQuery = (which: Which) =>
  queryOptions({
    queryKey: keyOf(which),
    queryFn: ({ signal }) => call(contract.incidents.read, { ...inputOf(which), signal }),
    refetchInterval: REFETCH_MS,
  });

export const timelineQuery = (which: Which) =>
  queryOptions({
    queryKey: [...keyOf(which), "timeline"],
    queryFn: ({ signal }) => call(contract.incidents.timeline, { ...inputOf(which), signal }),
    staleTime: freshAtFirst,
    refetchInterval: REFETCH_MS,
  });

export const guideQuery = (which: Which) =>
  queryOptions({
    queryKey: [...keyOf(which), "guide"],
    queryFn: ({ signal }) => call(contract.incidents.guide, { ...inputOf(which), signal }),
    staleTime: freshAtFirst,
    refetchInterval: GUIDE_REFETCH_MS,
  });

const PAGE = 100;

/** The comments before one, a page at a time, newest first. */
export const earlierCommentsQuery = (which: Which, before: number) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(which), "comments", before],
    queryFn: ({ pageParam, signal }) =>
      call(contract.incidents.comments, {
        params: { id: which.id },
        query: { host: which.hostId, before: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: before,
    getNextPageParam: ({ comments }) => (comments.length === PAGE ? comments.at(-1)?.id : undefined),
  });

export const postMortemQuery = (which: Which) =>
  queryOptions({
    queryKey: [...keyOf(which), "post-mortem"],
    queryFn: ({ signal }) => call(contract.postMortems.read, { ...inputOf(which), signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Does something about an incident, after which all of it is read anew. */
function useActing<Input, Output>(which: Which, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: keyOf(which) }) });
}

/** Shows an incident as it was answered, and reads what belongs to it anew. */
export function useIncidentSaved(which: Which) {
  const client = useQueryClient();
  return (incident: Incident) => {
    client.setQueryData(keyOf(which), incident);
    return client.invalidateQueries({ queryKey: keyOf(which) });
  };
}

export const useAssign = (which: Which) =>
  useActing(which, (userId: string | null) => call(contract.incidents.assign, { ...inputOf(which), body: { userId } }));

export const useAddComment = (which: Which) =>
  useActing(which, (text: string) => call(contract.incidents.addComment, { ...inputOf(which), body: { text } }));

const commentInput = ({ id, hostId }: Which, comment: number) => ({ params: { id, comment }, query: { host: hostId } });

export const useEditComment = (which: Which, comment: number) =>
  useActing(which, (text: string) =>
    call(contract.incidents.editComment, { ...commentInput(which, comment), body: { text } }),
  );

export const useRemoveComment = (which: Which, comment: number) =>
  useActing(which, () => call(contract.incidents.removeComment, commentInput(which, comment)));

export const useSavePostMortem = (which: Which) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PostMortemBody) => call(contract.postMortems.save, { ...inputOf(which), body }),
    onSuccess: (saved) => {
      client.setQueryData(postMortemQuery(which).queryKey, saved);
      return client.invalidateQueries({ queryKey: guideQuery(which).queryKey });
    },
  });
};

export const useRemovePostMortem = (which: Which) =>
  useActing(which, () => call(contract.postMortems.remove, inputOf(which)));
