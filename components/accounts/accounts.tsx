"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AccountDialog } from "#components/accounts/account-dialog.tsx";
import { CreateAccount } from "#components/accounts/create-account.tsx";
import { type Account, accountsQuery, allTokensQuery, useRevokeAnyToken } from "#components/accounts/queries.ts";
import { Badge, type BadgeVariant } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { ROLE_TITLES } from "#lib/contract/roles.ts";

const STATES: Record<Account["state"], { title: string; variant: BadgeVariant }> = {
  active: { title: "active", variant: "good" },
  invited: { title: "invited", variant: "accent" },
  disabled: { title: "disabled", variant: "plain" },
};

const COLUMNS = ["Name", "Role", "State", "Last seen", "Sessions", "Tokens", ""];

function Row({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const { name, email, role, state, lastSeenAt, sessions, tokens, linkExpiresAt } = account;
  return (
    <tr>
      <td className="max-w-56 py-2 pr-3">
        <span className="block truncate text-sm">{name}</span>
        <span className="block truncate text-muted">{email}</span>
      </td>
      <td className="whitespace-nowrap py-2 pr-3">{ROLE_TITLES[role]}</td>
      <td className="py-2 pr-3">
        <Badge variant={STATES[state].variant}>{STATES[state].title}</Badge>
        {linkExpiresAt && (
          <span className="block text-muted">
            link until <DateTime at={linkExpiresAt} />
          </span>
        )}
      </td>
      <td className="whitespace-nowrap py-2 pr-3">{lastSeenAt ? <DateTime at={lastSeenAt} /> : "never"}</td>
      <td className="py-2 pr-3">{sessions}</td>
      <td className="py-2 pr-3">{tokens}</td>
      <td className="py-2 text-right">
        <Button className="h-8" aria-label={`Manage ${email}`} onClick={onOpen}>
          Manage
        </Button>
      </td>
    </tr>
  );
}

function People() {
  const query = useQuery(accountsQuery);
  const [openId, setOpenId] = useState<string>();
  return (
    <Card>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <CardTitle>Accounts</CardTitle>
        <CreateAccount />
      </div>
      <QueryView
        query={query}
        what="The accounts"
        skeleton={<Skeleton className="h-40" />}
        empty={<Notice title="No accounts" />}
      >
        {(accounts) => {
          const open = accounts.find(({ id }) => id === openId);
          return (
            <>
              <Table columns={COLUMNS} className="min-w-[46rem]">
                {accounts.map((account) => (
                  <Row key={account.id} account={account} onOpen={() => setOpenId(account.id)} />
                ))}
              </Table>
              {open && (
                <AccountDialog
                  account={open}
                  others={accounts.filter(({ id }) => id !== open.id)}
                  onClose={() => setOpenId(undefined)}
                />
              )}
            </>
          );
        }}
      </QueryView>
    </Card>
  );
}

const TOKEN_COLUMNS = ["Token", "Account", "Scopes", "Last used", "Expires", ""];

function Tokens() {
  const query = useQuery(allTokensQuery);
  const revoke = useRevokeAnyToken();
  return (
    <Card>
      <CardTitle>API tokens of all accounts</CardTitle>
      {revoke.isError && <Notice variant="bad" className="mb-3" title={revoke.error.message} />}
      <QueryView
        query={query}
        what="The tokens"
        skeleton={<Skeleton className="h-20" />}
        empty={<p className="text-muted">No tokens yet. Everyone creates their own on the page Account.</p>}
      >
        {(tokens) => (
          <Table columns={TOKEN_COLUMNS} className="min-w-[46rem]">
            {tokens.map(({ id, name, email, scopes, lastUsedAt, expiresAt }) => (
              <tr key={id} className="align-top">
                <td className="max-w-40 break-words py-2 pr-3">{name}</td>
                <td className="py-2 pr-3">{email}</td>
                <td className="max-w-64 break-words py-2 pr-3">
                  {scopes.join(", ") || "all but accounts (made before scopes)"}
                </td>
                <td className="whitespace-nowrap py-2 pr-3">{lastUsedAt ? <DateTime at={lastUsedAt} /> : "never"}</td>
                <td className="whitespace-nowrap py-2 pr-3">
                  <DateTime at={expiresAt} />
                </td>
                <td className="py-2 text-right">
                  <ConfirmButton
                    act="Revoke token"
                    question={`Revoke the token ${name} of ${email}?`}
                    consequence="Programs that use it are refused at once. This cannot be undone."
                    disabled={revoke.isPending}
                    onConfirm={() => revoke.mutate(id)}
                  />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </QueryView>
    </Card>
  );
}

/** Who can get in: people and the tokens of programs. */
export const Accounts = () => (
  <div className="grid gap-3">
    <People />
    <Tokens />
  </div>
);
