"use client";

import { useQueryClient } from "@tanstack/react-query";
import { PasswordForm } from "#components/account/password-form.tsx";
import { sessionsQuery } from "#components/account/queries.ts";
import { SessionList } from "#components/account/session-list.tsx";
import { SignInList } from "#components/account/sign-in-list.tsx";
import { TokenList } from "#components/account/token-list.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import type { UserInfo } from "#lib/access/users.ts";
import { ROLE_TITLES } from "#lib/contract/roles.ts";

/** Your account: profile, password, sessions and API tokens. */
export function Account({ user }: { user: UserInfo }) {
  const queryClient = useQueryClient();
  return (
    <>
      <PageTitle>Account</PageTitle>
      <div className="grid max-w-5xl gap-3 lg:grid-cols-2">
        <Card>
          <CardTitle>Profile</CardTitle>
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
            <dt className="text-muted">Name</dt>
            <dd className="truncate">{user.name}</dd>
            <dt className="text-muted">Email address</dt>
            <dd className="truncate">{user.email}</dd>
            <dt className="text-muted">Role</dt>
            <dd>{ROLE_TITLES[user.role]}</dd>
          </dl>
        </Card>
        <PasswordForm onChanged={() => void queryClient.invalidateQueries(sessionsQuery)} />
        <SessionList />
        <SignInList />
        <TokenList role={user.role} />
      </div>
    </>
  );
}
