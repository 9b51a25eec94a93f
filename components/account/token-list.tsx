"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

type Token = { id: string; name: string; expiresAt: string; lastUsedAt: string | null };

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const KEY = ["tokens"];

/** Keys for programs that act as you. */
export function TokenList() {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: KEY });
  const tokens = useQuery({ queryKey: KEY, queryFn: ({ signal }) => api<Token[]>("/account/tokens", { signal }) });
  const make = useMutation({
    mutationFn: () => api<{ token: string }>("/account/tokens", { method: "POST", body: { name } }),
    onSuccess: () => {
      setName("");
      return changed();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => api(`/account/tokens/${id}`, { method: "DELETE" }),
    onSuccess: changed,
  });
  return (
    <Card className="lg:col-span-2">
      <CardTitle>API tokens</CardTitle>
      <form
        className="mb-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Field
          className="min-w-48 flex-1"
          label="What for"
          maxLength={100}
          value={name}
          error={make.error?.message}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={make.isPending || name.trim() === ""}>
          Make a token
        </Button>
      </form>
      {make.data && (
        <Notice variant="good" className="mb-3" title="Copy it now: it is not shown again">
          <code className="break-all">{make.data.token}</code>
        </Notice>
      )}
      {remove.isError && <Notice variant="bad" className="mb-3" title={remove.error.message} />}
      <ul className="divide-y divide-line">
        {tokens.data?.map((token) => (
          <li key={token.id} className="flex items-center justify-between gap-4 py-2.5">
            <span className="min-w-0">
              <span className="block truncate">{token.name}</span>
              <span className="figures block truncate text-muted text-xs">
                until {day.format(new Date(token.expiresAt))} ·{" "}
                {token.lastUsedAt ? `used ${day.format(new Date(token.lastUsedAt))}` : "never used"}
              </span>
            </span>
            <Button
              variant="danger"
              className="h-8"
              disabled={remove.isPending}
              onClick={() => remove.mutate(token.id)}
            >
              Take away
            </Button>
          </li>
        ))}
      </ul>
      {tokens.data?.length === 0 && <p className="text-muted">None. Programs send one as Authorization: Bearer.</p>}
    </Card>
  );
}
