"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PasswordForm } from "#components/account/password-form.tsx";
import { SessionList, type SignedIn } from "#components/account/session-list.tsx";
import { TokenList } from "#components/account/token-list.tsx";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import type { UserInfo } from "#lib/access/users.ts";
import { ROLE_TITLES } from "#lib/contract/roles.ts";

export function Account({ user }: { user: UserInfo }) {
  const queryClient = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => api<SignedIn[]>("/account/sessions", { signal }),
  });
  const reload = () => void queryClient.invalidateQueries({ queryKey: ["sessions"] });
  return (
    <>
      <PageTitle>Account</PageTitle>
      <div className="grid max-w-5xl gap-3 lg:grid-cols-2">
        <Card>
          <CardTitle>You</CardTitle>
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
            <dt className="text-muted">Name</dt>
            <dd className="truncate">{user.name}</dd>
            <dt className="text-muted">E-mail address</dt>
            <dd className="truncate">{user.email}</dd>
            <dt className="text-muted">Role</dt>
            <dd>{ROLE_TITLES[user.role]}</dd>
          </dl>
        </Card>
        <PasswordForm onChanged={reload} />
        <SessionList sessions={sessions.data} error={sessions.error} onChange={reload} />
        <TokenList />
      </div>
    </>
  );
}
