"use client";

import { type FormEvent, useState } from "react";
import { KIND_TITLE } from "#components/inputs/labels.ts";
import { type InputWithToken, type ListedInput, useChangeInput, useCreateInput } from "#components/inputs/queries.ts";
import { ScrapeField } from "#components/inputs/scrape-field.tsx";
import { SCRAPE_EXAMPLE } from "#components/inputs/setups.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import { INPUT_KINDS, type InputKind } from "#lib/contract/input-names.ts";

const KINDS = INPUT_KINDS.map((kind) => ({ value: kind, title: KIND_TITLE[kind] }));

/** What differs between inputs that are sent to and those that fetch. */
const HINTS = {
  sent: {
    name: "Such as the Prometheus that sends: its series are on a host of this name",
    rate: "A sender that is faster is told to wait",
    enabled: "Receives samples",
  },
  scraped: {
    name: "Such as the exporters that are scraped: their series are on a host of this name",
    rate: "Scrapes that have more are not stored",
    enabled: "Scrapes its targets",
  },
};

type Props = { input: ListedInput | undefined; onCreated: (input: InputWithToken) => void; onDone: () => void };

/** Makes an input, or changes its name and limits. */
export function InputForm({ input, onCreated, onDone }: Props) {
  const [create, change] = [useCreateInput(), useChangeInput()];
  const { texts, field } = useTextFields({
    name: input?.name ?? "",
    kind: input?.kind ?? "remote_write",
    scrape: input ? (input.scrape ?? "") : SCRAPE_EXAMPLE,
    maxSeries: String(input?.maxSeries ?? 10_000),
    maxSamplesPerSecond: String(input?.maxSamplesPerSecond ?? 100_000),
  });
  const [enabled, setEnabled] = useState(input?.enabled ?? true);
  const { error, isError, isPending } = input ? change : create;
  const problem = problemsOf(error);
  const isScraped = texts.kind === "scrape";
  const hints = HINTS[isScraped ? "scraped" : "sent"];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limits = { maxSeries: Number(texts.maxSeries), maxSamplesPerSecond: Number(texts.maxSamplesPerSecond) };
    const { name, kind } = texts;
    const config = isScraped ? { scrape: texts.scrape } : {};
    if (input) change.mutate({ id: input.id, body: { name, enabled, ...limits, ...config } }, { onSuccess: onDone });
    else create.mutate({ name, kind: kind as InputKind, ...limits, ...config }, { onSuccess: onCreated });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" required hint={hints.name} error={problem("name")} {...field("name")} />
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
          hint={hints.rate}
          error={problem("max_samples_per_second")}
          {...field("maxSamplesPerSecond")}
        />
      </div>
      {isScraped && <ScrapeField id={input?.id} error={problem("scrape")} {...field("scrape")} />}
      {input && (
        <Checkbox label={hints.enabled} checked={enabled} onChange={({ target }) => setEnabled(target.checked)} />
      )}
      {isError && <Notice variant="bad" title={error?.message ?? ""} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={isPending}>
          {input ? "Save input" : "Add input"}
        </Button>
      </div>
    </Form>
  );
}
