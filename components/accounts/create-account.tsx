"use client";

import { type FormEvent, useState } from "react";
import { LinkNotice } from "#components/accounts/link-notice.tsx";
import { type Account, type AccountLink, useCreateAccount } from "#components/accounts/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { PASSWORD_MIN } from "#lib/contract/password-length.ts";
import { ROLE_TITLES, ROLES, type Role } from "#lib/contract/roles.ts";

export const ROLE_OPTIONS = ROLES.map((value) => ({ value, title: ROLE_TITLES[value] }));

const WAYS = [
  { value: "invite", title: "They choose a password by a link" },
  { value: "password", title: "I set a password" },
];

type CreatedProps = { account: Account; link: AccountLink; onDone: () => void };

function Created({ account, link, onDone }: CreatedProps) {
  return (
    <div className="space-y-4">
      {link ? (
        <LinkNotice email={account.email} link={link} />
      ) : (
        <Notice variant="good" title={`${account.email} can sign in`} />
      )}
      <div className="flex justify-end">
        <Button onClick={onDone}>Close</Button>
      </div>
    </div>
  );
}

type PasswordProps = { value: string; error: string | undefined; onChange: (password: string) => void };

const PasswordField = ({ value, error, onChange }: PasswordProps) => (
  <Field
    label="New password"
    type="password"
    autoComplete="new-password"
    hint={`At least ${PASSWORD_MIN} characters, not one from a list of breached passwords`}
    value={value}
    error={error}
    onChange={(event) => onChange(event.target.value)}
  />
);

/** Asks for what an account needs. */
function CreateForm({ onDone }: { onDone: () => void }) {
  const [fields, setFields] = useState({ email: "", name: "", role: "viewer" as Role, way: "invite", password: "" });
  const change = (part: Partial<typeof fields>) => setFields({ ...fields, ...part });
  const create = useCreateAccount();
  const problem = problemsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { email, name, role, way, password } = fields;
    create.mutate({ email, role, ...(name ? { name } : {}), ...(way === "password" ? { password } : {}) });
  };
  if (create.data) return <Created {...create.data} onDone={onDone} />;
  const named = ["email", "name", "password"].some((field) => problem(field));
  return (
    <Form noValidate className="space-y-4" onSubmit={submit}>
      {create.isError && !named && <Notice variant="bad" title={create.error.message} />}
      <Field
        label="Email address"
        type="email"
        autoFocus
        value={fields.email}
        error={problem("email")}
        onChange={(event) => change({ email: event.target.value })}
      />
      <Field
        label="Name"
        hint="Default: the address up to the @"
        value={fields.name}
        error={problem("name")}
        onChange={(event) => change({ name: event.target.value })}
      />
      <Select
        label="Role"
        options={ROLE_OPTIONS}
        value={fields.role}
        onChange={(event) => change({ role: event.target.value as Role })}
      />
      <Select
        label="Password"
        options={WAYS}
        value={fields.way}
        onChange={(event) => change({ way: event.target.value })}
      />
      {fields.way === "password" && (
        <PasswordField
          value={fields.password}
          error={problem("password")}
          onChange={(password) => change({ password })}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={create.isPending}>
          {fields.way === "invite" ? "Invite" : "Create account"}
        </Button>
      </div>
    </Form>
  );
}

/** The button that asks for a new account. */
export function CreateAccount() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Add account
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Add an account">
        <CreateForm onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
