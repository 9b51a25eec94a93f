"use client";

import { type FormEvent, useState } from "react";
import { KIND_TITLE } from "#components/inputs/labels.ts";
import { type InputWithToken, type ListedInput, useChangeInput, useCreateInput } from "#components/inputs/queries.ts";
import { SETUPS } from "#components/inputs/setups.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import type { InputKind } from "#lib/contract/input-names.ts";

const KINDS = (Object.keys(SETUPS) as InputKind[]).map((kind) => ({ value: kind, title: KIND_TITLE[kind] }));

type Props = { input: ListedInput | undefined; onCreated: (input: InputWithToken) => void; onDone: () => void };

/** Makes an input, or changes its name and limits. */
export function InputForm({ input, onCreated, onDone }: Props) {
  const [create, change] = [useCreateInput(), useChangeInput()];
  const { texts, field } = useTextFields({
    name: input?.name ?? "",
    kind: input?.kind ?? "remote_write",
    maxSeries: String(input?.maxSeries ?? 10_000),
    maxSamplesPerSecond: String(input?.maxSamplesPerSecond ?? 100_000),
  });
  const [enabled, setEnabled] = useState(input?.enabled ?? true);
  const { error, isError, isPending } = input ? change : create;
  const problem = problemsOf(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limits = { maxSeries: Number(texts.maxSeries), maxSamplesPerSecond: Number(texts.maxSamplesPerSecond) };
    const { name, kind } = texts;
    if (input) change.mutate({ id: input.id, body: { name, enabled, ...limits } }, { onSuccess: onDone });
    else create.mutate({ name, kind: kind as InputKind, ...limits }, { onSuccess: onCreated });
  };
  return (
    <form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Name"
          required
          hint="Such as the Prometheus that sends: its series are on a host of this name"
          error={problem("name")}
          {...field("name")}
        />
        {!input && <Select label="Kind" options={KINDS} error={problem("kind")} {...field("kind")} />}
        <Field
          label="Series at most"
          type="number"
          min={1}
          hint="More are dropped; those that are there go on"
          error={problem("max_series")}
          {...field("maxSeries")}
        />
        <Field
          label="Samples a second at most"
          type="number"
          min={1}
          hint="A sender that is faster is told to wait"
          error={problem("max_samples_per_second")}
          {...field("maxSamplesPerSecond")}
        />
      </div>
      {input && (
        <Checkbox label="Receives samples" checked={enabled} onChange={({ target }) => setEnabled(target.checked)} />
      )}
      {isError && <Notice variant="bad" title={error?.message ?? ""} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={isPending}>
          {input ? "Save input" : "Add input"}
        </Button>
      </div>
    </form>
  );
}
