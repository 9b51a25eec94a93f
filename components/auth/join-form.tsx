"use client";

import { useQuery } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import { call } from "#components/layout/api.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";
import { PASSWORD_MIN } from "#lib/contract/password-length.ts";
import { FIRST_PAGE } from "#lib/contract/roots.ts";

const subscribe = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

/** The token stands behind the #, which no browser sends. */
const useToken = () =>
  useSyncExternalStore(
    subscribe,
    () => window.location.hash.slice(1),
    () => undefined,
  );

type Holder = { email: string; name: string; isNew: boolean };

function PasswordFields({ token, holder }: { token: string; holder: Holder }) {
  const [fields, setFields] = useState({ name: holder.name, password: "" });
  const [failure, setFailure] = useState<Error>();
  const [pending, setPending] = useState(false);
  const problem = problemsOf(failure);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setFailure(undefined);
    try {
      const { email } = await call(contract.accounts.acceptLink, { body: { token, ...fields } });
      await signIn("credentials", { email, password: fields.password, redirect: false });
      window.location.assign(FIRST_PAGE);
    } catch (error) {
      setFailure(error as Error);
      setPending(false);
    }
  };
  return (
    <Form noValidate className="space-y-4" onSubmit={submit}>
      {failure && !problem("password") && !problem("name") && <Notice variant="bad" title={failure.message} />}
      <Field
        label="Your name"
        autoComplete="name"
        value={fields.name}
        error={problem("name")}
        onChange={(event) => setFields({ ...fields, name: event.target.value })}
      />
      <Field label="Email address" type="email" autoComplete="username" value={holder.email} readOnly />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        autoFocus
        hint={`At least ${PASSWORD_MIN} characters, not one from a list of breached passwords`}
        value={fields.password}
        error={problem("password")}
        onChange={(event) => setFields({ ...fields, password: event.target.value })}
      />
      <Button variant="primary" type="submit" className="w-full" disabled={pending}>
        {pending ? "Saving…" : "Save password and sign in"}
      </Button>
    </Form>
  );
}

/** Lets whoever holds a link choose the password of its account. */
export function JoinForm() {
  const token = useToken();
  const query = useQuery({
    queryKey: ["account link", token],
    queryFn: () => call(contract.accounts.readLink, { body: { token: token ?? "" } }),
    enabled: Boolean(token),
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Card className="p-6">
      <h1 className="mb-5 font-semibold text-lg tracking-tight">
        {query.data?.isNew ? "Welcome to Sightline" : "Choose a password"}
      </h1>
      {token === "" && (
        <Notice variant="bad" title="This link is incomplete: copy all of it, with what stands behind the #" />
      )}
      {query.isError && <Notice variant="bad" title={query.error.message} />}
      {query.isLoading && <Skeleton className="h-48" />}
      {token && query.data && <PasswordFields token={token} holder={query.data} />}
    </Card>
  );
}
