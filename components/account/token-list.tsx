"use client";

import { useQuery } from "@tanstack/react-query";
import { LastUsed } from "#components/account/last-used.tsx";
import { tokensQuery, useRevokeToken } from "#components/account/queries.ts";
import { TokenForm } from "#components/account/token-form.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { Role } from "#lib/contract/roles.ts";

function Tokens() {
  const revoke = useRevokeToken();
  const empty = <p className="text-muted">No tokens yet. Programs send theirs as Authorization: Bearer.</p>;
  return (
    <>
      {revoke.isError && <Notice variant="bad" className="mb-3" title={revoke.error.message} />}
      <QueryView query={useQuery(tokensQuery)} what="The tokens" skeleton={<Skeleton className="h-14" />} empty={empty}>
        {(tokens) => (
          <ul className="divide-y divide-line">
            {tokens.map(({ id, name, scopes, expiresAt, lastUsedAt }) => (
              <li key={id} className="flex items-center justify-between gap-4 py-2.5">
                <span className="min-w-0">
                  <span className="block truncate">{name}</span>
                  <span className="figures block truncate text-muted text-xs">
                    expires <DateTime at={expiresAt} dayOnly /> · <LastUsed at={lastUsedAt} />
                  </span>
                  <span className="block break-words text-muted text-xs">
                    {scopes.join(", ") || "all but accounts (made before scopes)"}
                  </span>
                </span>
                <ConfirmButton
                  act="Revoke token"
                  question={`Revoke the token ${name}?`}
                  consequence="Programs that use it are refused at once. This cannot be undone."
                  disabled={revoke.isPending}
                  onConfirm={() => revoke.mutate(id)}
                />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}

/** Tokens for programs that act as you, within their scopes. */
export function TokenList({ role }: { role: Role }) {
  return (
    <Card className="lg:col-span-2">
      <CardTitle>API tokens</CardTitle>
      <TokenForm role={role} />
      <Tokens />
    </Card>
  );
}
