"use client";

import type { FormEvent } from "react";
import { type HookWithSecret, useCreateHook } from "#components/events/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { CopiedText } from "#components/ui/copied-text.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import type { HOOK_KINDS } from "#lib/contract/annotations.ts";

type HookKind = (typeof HOOK_KINDS)[number];

export const HOOK_TITLE: Record<HookKind, string> = { github: "GitHub", gitlab: "GitLab" };

const KINDS = (Object.keys(HOOK_TITLE) as HookKind[]).map((value) => ({ value, title: HOOK_TITLE[value] }));

/** Makes a webhook. */
export function HookForm({ onCreated, onDone }: { onCreated: (hook: HookWithSecret) => void; onDone: () => void }) {
  const create = useCreateHook();
  const { texts, field } = useTextFields({ kind: "github", name: "", service: "" });
  const problem = problemsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { kind, name, service } = texts;
    create.mutate({ kind: kind as HookKind, name, service }, { onSuccess: onCreated });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label="Sender" options={KINDS} error={problem("kind")} {...field("kind")} />
        <Field label="Name" required hint="Such as the repository" error={problem("name")} {...field("name")} />
        <Field
          label="Service"
          hint="What is deployed; empty: the repository's own name"
          error={problem("service")}
          {...field("service")}
        />
      </div>
      {create.isError && <Notice variant="bad" title={create.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={create.isPending}>
          Add webhook
        </Button>
      </div>
    </Form>
  );
}

const STEPS: Record<HookKind, string> = {
  github:
    "In the repository, Settings > Webhooks > Add webhook: this address, content type application/json, this secret, and the events Deployment statuses and Releases.",
  gitlab:
    "In the project, Settings > Webhooks: this address, this secret as Secret token, and the triggers Deployment events and Releases events.",
};

const Copied = ({ name, text }: { name: string; text: string }) => (
  <div>
    <p className="mb-1 font-medium text-xs">{name}</p>
    <CopiedText name={`Copy ${name.toLowerCase()}`} text={text} />
  </div>
);

/** What is shown once of a webhook: its address, its secret, and where they go. */
export function HookSecret({ hook, onDone }: { hook: HookWithSecret; onDone: () => void }) {
  return (
    <div className="space-y-3 text-sm">
      <p>{STEPS[hook.kind]} The secret is shown only now.</p>
      <Copied name="Address" text={window.location.origin + hook.path} />
      <Copied name="Secret" text={hook.secret} />
      <div className="flex justify-end">
        <Button onClick={onDone}>Close</Button>
      </div>
    </div>
  );
}
