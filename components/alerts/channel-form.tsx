"use client";

import { type FormEvent, useState } from "react";
import { FormEnd } from "#components/alerts/form-end.tsx";
import { KIND_TITLE, leastTitle } from "#components/alerts/labels.ts";
import { type Channel, useSaveChannel } from "#components/alerts/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Select } from "#components/ui/select.tsx";
import { CHANNEL_FIELDS } from "#lib/contract/alert-channel-fields.ts";
import { CHANNEL_KINDS, type ChannelKind, SEVERITIES, type Severity } from "#lib/contract/enums.ts";

const KINDS = CHANNEL_KINDS.map((kind) => ({ value: kind, title: KIND_TITLE[kind] }));
const LEAST = SEVERITIES.toReversed().map((severity) => ({
  value: severity,
  title: leastTitle(severity),
}));

type Draft = Pick<Channel, "name" | "kind" | "enabled" | "minSeverity" | "settings">;

const EMPTY: Draft = { name: "", kind: "email", enabled: true, minSeverity: "warning", settings: {} };

type SettingsProps = {
  draft: Draft;
  problem: (field: string) => string | undefined;
  onChange: (settings: Draft["settings"]) => void;
};

function Settings({ draft: { kind, settings }, problem, onChange }: SettingsProps) {
  return Object.entries(CHANNEL_FIELDS[kind]).map(([name, { title, hint }]) => (
    <Field
      key={name}
      label={title}
      hint={hint}
      error={problem(`settings.${name}`)}
      autoComplete="off"
      value={settings[name] ?? ""}
      onChange={(event) => onChange({ ...settings, [name]: event.target.value })}
    />
  ));
}

/** Creates a channel, or changes one. */
export function ChannelForm({ channel, onDone }: { channel: Channel | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState<Draft>(channel ?? EMPTY);
  const save = useSaveChannel(channel?.id);
  const problem = problemsOf(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, kind, enabled, minSeverity, settings } = draft;
    const body = { name, kind, enabled, minSeverity, settings, hostIds: channel?.hostIds ?? [] };
    save.mutate(body, { onSuccess: onDone });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Name"
          error={problem("name")}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <Select
          label="Service"
          options={KINDS}
          value={draft.kind}
          onChange={(event) => setDraft({ ...draft, kind: event.target.value as ChannelKind, settings: {} })}
        />
      </div>
      <Settings draft={draft} problem={problem} onChange={(settings) => setDraft({ ...draft, settings })} />
      <Select
        label="Alerts"
        options={LEAST}
        value={draft.minSeverity}
        onChange={(event) => setDraft({ ...draft, minSeverity: event.target.value as Severity })}
      />
      <FormEnd
        act="Save channel"
        enabled={draft.enabled}
        save={save}
        onEnabled={(enabled) => setDraft({ ...draft, enabled })}
        onCancel={onDone}
      />
    </Form>
  );
}
