"use client";

import { useMutation } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { LinkAct } from "#components/ui/link-act.tsx";
import * as contract from "#lib/contract/index.ts";

/** Ends a schedule's mails to one address. */
export function OptOut({ token }: { token: string }) {
  const mutation = useMutation({
    mutationFn: () => call(contract.schedules.unsubscribe, { query: { token } }),
  });
  return (
    <LinkAct
      title="Unsubscribe from this report"
      act="Unsubscribe"
      done="You are unsubscribed"
      note="You will get no more emails of this report, unless somebody adds you to its recipients again."
      disabled={token === ""}
      mutation={mutation}
    />
  );
}
