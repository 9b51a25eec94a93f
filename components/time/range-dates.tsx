"use client";

import { type FormEvent, useState } from "react";
import { usePageTime } from "#components/time/page-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import { type RangeText, resolveRange } from "#lib/time/range/range.ts";

/** A range from one date and time to another, by the clock of the page's zone. */
export function RangeDates({ onChoose }: { onChoose: (range: RangeText) => void }) {
  const { shown, instants, now } = usePageTime();
  const time = useTimeFormat();
  const { from, to } = instants();
  const { texts, field } = useTextFields({ from: time.input(from), to: time.input(to) });
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [start, end] = [time.fromInput(texts.from), time.fromInput(texts.to)];
    if (Number.isNaN(start) || Number.isNaN(end)) return setProblem("Enter a date and a time for both");
    const range = { from: String(start), to: String(end) };
    const resolved = resolveRange(range, { now: now(), zone: shown.zone });
    return "problem" in resolved ? setProblem(resolved.problem) : onChoose(range);
  };
  return (
    <Form noValidate onSubmit={submit} className="grid items-start gap-2 sm:grid-cols-2">
      <Field label="From" type="datetime-local" className="min-w-0" {...field("from")} />
      <Field label="To" type="datetime-local" className="min-w-0" {...field("to")} />
      {problem && (
        <p role="alert" className="text-bad text-xs sm:col-span-2">
          {problem}
        </p>
      )}
      <Button type="submit" className="h-8 text-xs sm:col-span-2">
        Show from and to
      </Button>
    </Form>
  );
}
