import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from "@tanstack/react-query";
import { headers } from "next/headers";
import { askRoute, headersOfCaller } from "#app/api/_serve/ask.ts";
import { addressOf, type CallInput } from "#components/layout/api.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { decode } from "#lib/contract/wire.ts";
import type { Handler } from "#lib/direct/handlers.ts";

/** A page waits so long for what its first screen shows; what takes longer its browser asks for. */
const PATIENCE_MS = 1_000;

/** A query of a page, and the route that answers it. */
export type FirstQuestion = { queryKey: QueryKey; endpoint: Endpoint; input: Record<string, unknown>; route: Handler };

/** A question by the same key and input as the page's own query has. */
export const question = <E>(
  { queryKey }: { queryKey: QueryKey },
  endpoint: E,
  input: Omit<CallInput<E>, "body" | "signal">,
  route: Handler,
): FirstQuestion => ({ queryKey, endpoint: endpoint as Endpoint, input, route });

/**
 * What the first screen of a page shows, asked on the server as its browser would after its scripts have run: by the same routes, in the name of
 * the same person. What is refused or fails is left out; the browser asks for it, and shows why.
 */
export async function firstData(questions: readonly FirstQuestion[]): Promise<DehydratedState> {
  const client = new QueryClient();
  const caller = headersOfCaller(new Headers(await headers()));
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<undefined>((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
  await Promise.all(
    questions.map(async ({ queryKey, endpoint, input, route }) => {
      const request = new Request(new URL(addressOf(endpoint, input), "http://localhost"), { headers: caller, signal });
      const answer = askRoute(route, request, (input.params ?? {}) as Record<string, unknown>).catch(() => undefined);
      const json = await Promise.race([answer, late]);
      if (json !== undefined && endpoint.response) client.setQueryData(queryKey, decode(endpoint.response, json));
    }),
  );
  return dehydrate(client);
}
