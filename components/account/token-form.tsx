"use client";

import { type FormEvent, useState } from "react";
import { type NewToken, useCreateToken } from "#components/account/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { may, type Permission, TOKEN_SCOPES } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

const LIVES = [
  { value: "", title: "Choose…" },
  { value: "7", title: "7 days" },
  { value: "30", title: "30 days" },
  { value: "90", title: "90 days" },
  { value: "365", title: "1 year" },
];

const PRESETS = [
  { value: "read", title: "Read only" },
  { value: "ingest", title: "Send experiment events" },
  { value: "all", title: "Everything that I may do" },
  { value: "own", title: "Choose scopes…" },
] as const;
type Preset = (typeof PRESETS)[number]["value"];

const isReading = (scope: Permission) => scope.endsWith(":read") || scope === "metrics:export";

/** The scopes of a preset, of those that a role holds. */
function scopesOf(preset: Preset, mine: Permission[], chosen: Permission[]): Permission[] {
  if (preset === "own") return chosen;
  if (preset === "read") return mine.filter((scope) => isReading(scope) && scope !== "audit:read");
  return preset === "ingest" ? mine.filter((scope) => scope === "experiments:ingest") : mine;
}

type ScopesProps = { mine: Permission[]; chosen: Permission[]; onChange: (scopes: Permission[]) => void };

function Scopes({ mine, chosen, onChange }: ScopesProps) {
  const toggled = (scope: Permission) =>
    chosen.includes(scope) ? chosen.filter((other) => other !== scope) : [...chosen, scope];
  return (
    <fieldset className="grid gap-x-4 gap-y-2 sm:grid-cols-3">
      <legend className="mb-2 font-medium text-xs">Scopes</legend>
      {mine.map((scope) => (
        <Checkbox
          key={scope}
          label={scope}
          checked={chosen.includes(scope)}
          onChange={() => onChange(toggled(scope))}
        />
      ))}
    </fieldset>
  );
}

/** Creates a token: what it is for, for how long, and what it may do. */
export function TokenForm({ role }: { role: Role }) {
  const mine = TOKEN_SCOPES.filter((scope) => may(role, scope));
  const presets = PRESETS.filter(({ value }) => value !== "ingest" || mine.includes("experiments:ingest"));
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  const [preset, setPreset] = useState<Preset>("read");
  const [chosen, setChosen] = useState<Permission[]>([]);
  const create = useCreateToken();
  const scopes = scopesOf(preset, mine, chosen);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, days: Number(days), scopes: scopes as NewToken["scopes"] }, { onSuccess: () => setName("") });
  };
  const complete = name.trim() !== "" && days !== "" && scopes.length > 0;
  return (
    <Form className="mb-4 space-y-3" onSubmit={submit}>
      <div className="grid items-start gap-3 sm:grid-cols-3">
        <Field
          label="Name"
          hint="What the token is for"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select label="Expires after" options={LIVES} value={days} onChange={(event) => setDays(event.target.value)} />
        <Select
          label="May"
          options={presets}
          value={preset}
          onChange={(event) => setPreset(event.target.value as Preset)}
        />
      </div>
      {preset === "own" && <Scopes mine={mine} chosen={chosen} onChange={setChosen} />}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted text-xs">
          A token never manages accounts, and ends when your password is changed or your account disabled.
        </p>
        <Button type="submit" disabled={create.isPending || !complete}>
          Create token
        </Button>
      </div>
      {create.isError && <Notice variant="bad" title={create.error.message} />}
      {create.data && (
        <Notice variant="good" title="Copy the token now: it is not shown again">
          <code className="break-all">{create.data.token}</code>
        </Notice>
      )}
    </Form>
  );
}
