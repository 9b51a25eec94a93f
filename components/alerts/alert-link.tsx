"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";

const ACTS = { acknowledge: "Acknowledge alert", silence: "Silence alert for 2 hours" };
const DONE = { acknowledge: "The alert is acknowledged.", silence: "The alert is silenced for 2 hours." };

/** What a link of an email does, once it is confirmed: mail programs open links by themselves. */
export function AlertLink({ token }: { token: string }) {
  const query = useQuery({
    queryKey: ["alert link", token],
    queryFn: ({ signal }) => call(contract.alertLinks.read, { query: { token }, signal }),
    enabled: token !== "",
    retry: false,
  });
  const act = useMutation({ mutationFn: () => call(contract.alertLinks.use, { query: { token } }) });
  if (token === "") return <Notice variant="warn" title="This link is incomplete: copy all of it from the email" />;
  if (act.data) return <Notice variant="good" title={DONE[act.data.action]} />;
  const failed = act.error ?? query.error;
  if (failed) return <Notice variant="warn" title={failed.message} />;
  if (!query.data) return <Skeleton className="h-24" />;
  const { action, host, summary, over } = query.data;
  return (
    <div className="space-y-4">
      <h1 className="break-words font-semibold text-lg">
        {host}: {summary}
      </h1>
      {over ? (
        <Notice variant="good" title="The alert is over: there is nothing left to do" />
      ) : (
        <Button variant="primary" disabled={act.isPending} onClick={() => act.mutate()}>
          {ACTS[action]}
        </Button>
      )}
    </div>
  );
}
