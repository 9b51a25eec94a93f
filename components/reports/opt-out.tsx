"use client";

import { useMutation } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { contract } from "#lib/contract/index.ts";

/** Ends a schedule's mails to one address. A button, as programs follow links by themselves. */
export function OptOut({ token }: { token: string }) {
  const unsubscribe = useMutation({
    mutationFn: () => call(contract.schedules.unsubscribe, { query: { token } }),
  });
  return (
    <>
      <h1 className="mb-3 font-semibold text-lg">Unsubscribe from this report</h1>
      {unsubscribe.isSuccess ? (
        <Notice variant="good" title="You are unsubscribed">
          You will get no more emails of this report, unless somebody adds you to its recipients again.
        </Notice>
      ) : (
        <Button variant="primary" disabled={unsubscribe.isPending || token === ""} onClick={() => unsubscribe.mutate()}>
          Unsubscribe
        </Button>
      )}
      {unsubscribe.isError && <Notice variant="bad" className="mt-3" title={unsubscribe.error.message} />}
    </>
  );
}
