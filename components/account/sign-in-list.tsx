"use client";

import { useQuery } from "@tanstack/react-query";
import { signInsQuery } from "#components/account/queries.ts";
import type { CallOutput } from "#components/layout/api.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type * as contract from "#lib/contract/index.ts";

type SignIn = CallOutput<typeof contract.account.signIns>[number];

const REFUSALS: Record<string, string> = {
  unauthenticated: "Wrong password",
  locked: "Locked for now",
  "rate-limited": "Too many attempts",
};

const sum = (signIns: SignIn[]) => signIns.reduce((total, { count }) => total + count, 0);

/** A warning where somebody may be guessing the password. */
function Guesses({ signIns }: { signIns: SignIn[] }) {
  const refused = sum(signIns.filter((signIn) => signIn.refused !== undefined));
  if (refused < 5) return null;
  return (
    <Notice variant="warn" className="mb-3" title={`${refused} refused attempts to sign in to your account in 30 days`}>
      If they were not yours, somebody may be guessing your password: choose one that is used nowhere else.
    </Notice>
  );
}

/** Who signed in to your account, or tried to. */
export function SignInList() {
  const empty = <p className="text-muted">No sign-ins in the past 30 days.</p>;
  return (
    <Card className="lg:col-span-2">
      <CardTitle aside="past 30 days">Sign-ins</CardTitle>
      <QueryView
        query={useQuery(signInsQuery)}
        what="The sign-ins"
        skeleton={<Skeleton className="h-14" />}
        empty={empty}
      >
        {(signIns) => (
          <>
            <Guesses signIns={signIns} />
            <Table columns={["Time", "Result", "Address", "Times"]}>
              {signIns.map(({ at, address, refused, count }) => (
                <tr key={`${at.getTime()} ${address} ${refused}`}>
                  <td className="whitespace-nowrap py-1.5 pr-3">
                    <DateTime at={at} />
                  </td>
                  <td className="py-1.5 pr-3">
                    {refused === undefined ? (
                      <Badge variant="good">Signed in</Badge>
                    ) : (
                      <Badge variant="warn">{REFUSALS[refused] ?? "Refused"}</Badge>
                    )}
                  </td>
                  <td className="break-all py-1.5 pr-3">{address}</td>
                  <td className="py-1.5">{count}</td>
                </tr>
              ))}
            </Table>
          </>
        )}
      </QueryView>
    </Card>
  );
}
