import { infiniteQueryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";

export type AuditEvent = CallOutput<typeof contract.audit.list>[number];

const PAGE = 100;

/** The audit trail of the past `span`, a page at a time. */
export const auditQuery = (span: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", span],
    queryFn: ({ pageParam, signal }) =>
      call(contract.audit.list, { query: { from: `now-${span}`, limit: PAGE, before: pageParam }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined),
  });
