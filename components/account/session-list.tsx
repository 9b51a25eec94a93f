"use client";

import { useQuery } from "@tanstack/react-query";
import { sessionsQuery, useCloseSession } from "#components/account/queries.ts";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type * as contract from "#lib/contract/index.ts";

type SessionEntry = CallOutput<typeof contract.account.sessions>[number];

/** Browser and system out of a user agent, as far as a reader needs to tell their own apart. */
function browserName(userAgent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/?/.exec(userAgent)?.[1] ?? "Browser";
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? `${name} on ${system.replace("Mac OS X", "macOS")}` : name;
}

type ItemProps = { session: SessionEntry; closing: boolean; onClose: () => void };

function SessionItem({ session, closing, onClose }: ItemProps) {
  return (
    <li className="flex items-center justify-between gap-4 py-2.5">
      <span className="min-w-0">
        <span className="block truncate">
          {browserName(session.userAgent)}{" "}
          {session.current && <span className="text-good text-xs">· this session</span>}
        </span>
        <span className="figures block truncate text-muted text-xs">
          {session.address} · signed in <DateTime at={session.createdAt} /> · last seen{" "}
          <DateTime at={session.lastSeenAt} />
        </span>
      </span>
      {!session.current && (
        <ConfirmButton
          act="Sign out"
          question="Sign out this browser?"
          consequence="Whoever uses it has to sign in again."
          className="h-8 shrink-0"
          disabled={closing}
          onConfirm={onClose}
        />
      )}
    </li>
  );
}

/** The browsers that are signed in to your account. */
export function SessionList() {
  const close = useCloseSession();
  return (
    <Card className="lg:col-span-2">
      <CardTitle>Sessions</CardTitle>
      {close.isError && <Notice variant="bad" className="mb-3" title={close.error.message} />}
      <QueryView query={useQuery(sessionsQuery)} what="The sessions" skeleton={<Skeleton className="h-14" />}>
        {(sessions) => (
          <ul className="divide-y divide-line">
            {sessions.map((session) => (
              <SessionItem
                key={session.id}
                session={session}
                closing={close.isPending}
                onClose={() => close.mutate(session.id)}
              />
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}
