"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tokensQuery, useCreateToken, useRevokeToken } from "#components/account/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

function CreateToken() {
  const [name, setName] = useState("");
  const create = useCreateToken();
  return (
    <>
      <form
        className="mb-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(name, { onSuccess: () => setName("") });
        }}
      >
        <Field
          className="min-w-48 flex-1"
          label="Name"
          hint="What the token is for"
          maxLength={100}
          value={name}
          error={create.error?.message}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={create.isPending || name.trim() === ""}>
          Create token
        </Button>
      </form>
      {create.data && (
        <Notice variant="good" className="mb-3" title="Copy the token now: it is not shown again">
          <code className="break-all">{create.data.token}</code>
        </Notice>
      )}
    </>
  );
}

function Tokens() {
  const revoke = useRevokeToken();
  const empty = <p className="text-muted">No tokens yet. Programs send theirs as Authorization: Bearer.</p>;
  return (
    <>
      {revoke.isError && <Notice variant="bad" className="mb-3" title={revoke.error.message} />}
      <QueryView query={useQuery(tokensQuery)} what="The tokens" skeleton={<Skeleton className="h-14" />} empty={empty}>
        {(tokens) => (
          <ul className="divide-y divide-line">
            {tokens.map(({ id, name, expiresAt, lastUsedAt }) => (
              <li key={id} className="flex items-center justify-between gap-4 py-2.5">
                <span className="min-w-0">
                  <span className="block truncate">{name}</span>
                  <span className="figures block truncate text-muted text-xs">
                    expires {day.format(expiresAt)} ·{" "}
                    {lastUsedAt ? `last used ${day.format(lastUsedAt)}` : "never used"}
                  </span>
                </span>
                <Button variant="danger" className="h-8" disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}

/** Tokens for programs that act as you. */
export function TokenList() {
  return (
    <Card className="lg:col-span-2">
      <CardTitle>API tokens</CardTitle>
      <CreateToken />
      <Tokens />
    </Card>
  );
}
