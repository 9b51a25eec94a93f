import { queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type IntegrationState = CallOutput<typeof contract.integrations.list>[number];

/** How each integration fares, of all inputs or of one. */
export const integrationsQuery = (host?: number) =>
  queryOptions({
    queryKey: ["integrations", host],
    queryFn: ({ signal }) => call(contract.integrations.list, { query: host === undefined ? {} : { host }, signal }),
    refetchInterval: (host === undefined ? 15 : 4) * SECOND_MS,
  });
