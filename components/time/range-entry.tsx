"use client";

import { type FormEvent, useState } from "react";
import { usePageTime } from "#components/time/page-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { rangeText } from "#lib/format/range-text.ts";
import type { RangeText } from "#lib/time/range/range.ts";
import { parseRangeWords } from "#lib/time/range/words.ts";

/** A range as its reader types it; what was understood is said as they type, what was not when they have done. */
export function RangeEntry({ onChoose }: { onChoose: (range: RangeText) => void }) {
  const { shown, now } = usePageTime();
  const time = useTimeFormat();
  const [text, setText] = useState("");
  const [isDone, setDone] = useState(false);
  const range = parseRangeWords(text, { now: now(), zone: shown.zone });
  const problem = "problem" in range ? range.problem : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if ("problem" in range) setDone(true);
    else onChoose(range);
  };
  return (
    <Form noValidate onSubmit={submit} className="flex items-start gap-2">
      <Field
        label="Range"
        className="min-w-0 flex-1"
        placeholder="last monday 9am to now"
        autoComplete="off"
        maxLength={200}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setDone(false);
        }}
        error={isDone ? problem : undefined}
        hint={
          <span aria-live="polite">
            {"problem" in range
              ? "Also yesterday, 2h, nov 3 9:00 for 2h, now-7d/d to now/d"
              : rangeText(range, time, now())}
          </span>
        }
      />
      <Button type="submit" variant="primary" className="mt-5">
        Show
      </Button>
    </Form>
  );
}
