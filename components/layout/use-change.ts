import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

/** A change of something, after which all that begins with `queryKey` is read again. */
export function useChange<In, Out>(queryKey: QueryKey, mutationFn: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey }) });
}
