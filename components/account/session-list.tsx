"use client";

import { useMutation } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import { Failure } from "#components/layout/failure.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

export type SignedIn = {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  userAgent: string;
  address: string;
  current: boolean;
};

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Browser and system out of a user agent, as far as a reader needs to tell their own apart. */
function browserName(userAgent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/?/.exec(userAgent)?.[1] ?? "Browser";
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? `${name} on ${system.replace("Mac OS X", "macOS")}` : name;
}

type Props = { sessions: SignedIn[] | undefined; error: Error | null; onChange: () => void };

export function SessionList({ sessions, error, onChange }: Props) {
  const close = useMutation({
    mutationFn: (id: string) => api(`/account/sessions/${id}`, { method: "DELETE" }),
    onSuccess: onChange,
  });
  return (
    <Card className="lg:col-span-2">
      <CardTitle>Where you are signed in</CardTitle>
      {close.isError && <Notice variant="bad" className="mb-3" title={close.error.message} />}
      {error && !sessions && <Failure what="The list" error={error} onRetry={onChange} />}
      {!sessions && !error && <Skeleton className="h-14" />}
      <ul className="divide-y divide-line">
        {sessions?.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-4 py-2.5">
            <span className="min-w-0">
              <span className="block truncate">
                {browserName(session.userAgent)}{" "}
                {session.current && <span className="text-good text-xs">· this one</span>}
              </span>
              <span className="figures block truncate text-muted text-xs">
                {session.address} · since {when.format(new Date(session.createdAt))} · seen{" "}
                {when.format(new Date(session.lastSeenAt))}
              </span>
            </span>
            {!session.current && (
              <Button
                variant="danger"
                className="h-8 shrink-0"
                disabled={close.isPending}
                onClick={() => close.mutate(session.id)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
