import { type FormEvent, useState } from "react";
import { WEEKDAYS } from "#components/alerts/labels.ts";
import { useCreateSilence } from "#components/alerts/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const LENGTHS = [30 * MINUTE_MS, 2 * HOUR_MS, 8 * HOUR_MS, DAY_MS, 7 * DAY_MS].map((ms) => ({
  value: String(ms),
  title: durationText(ms),
}));

const TIMES = [
  { value: "", title: "Now, once" },
  { value: "daily", title: "Maintenance, every day" },
  ...WEEKDAYS.map((day, n) => ({ value: String(n + 1), title: `Maintenance, every ${day}` })),
];

/** A maintenance window that comes again does so for a year, and is then asked for anew. */
const RECURS_MS = 365 * DAY_MS;

type Draft = { matchers: string; comment: string; lengthMs: string; every: string; at: string };
type WhenProps = {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  zone: string;
  problem: (field: string) => string | undefined;
};

function When({ draft, setDraft, zone, problem }: WhenProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Select
        label="When"
        options={TIMES}
        value={draft.every}
        error={problem("recurrence")}
        onChange={(event) => setDraft({ ...draft, every: event.target.value })}
      />
      {draft.every !== "" && (
        <Field
          label={`At (${zone})`}
          type="time"
          error={problem("recurrence.at")}
          value={draft.at}
          onChange={(event) => setDraft({ ...draft, at: event.target.value })}
        />
      )}
    </div>
  );
}

/** Silences alerts for a while, or in a maintenance window that comes again. */
export function SilenceForm() {
  const create = useCreateSilence();
  const { zone } = useTimeFormat().style;
  const [draft, setDraft] = useState<Draft>({
    matchers: "",
    comment: "",
    lengthMs: String(2 * HOUR_MS),
    every: "",
    at: "02:00",
  });
  const problem = problemsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { matchers, comment, every, at } = draft;
    const lengthMs = Number(draft.lengthMs);
    const weekdays = every === "" || every === "daily" ? [] : [Number(every)];
    const recurrence = every === "" ? null : { at, durationMs: lengthMs, weekdays, monthDays: [], zone };
    const endsAt = new Date(Date.now() + (recurrence ? RECURS_MS : lengthMs));
    create.mutate(
      { matchers, comment, endsAt, recurrence, maintenance: recurrence !== null },
      { onSuccess: () => setDraft({ ...draft, matchers: "", comment: "" }) },
    );
  };
  return (
    <Form className="mt-4 space-y-3 border-line border-t pt-4" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Alerts with the labels"
          hint={'host="db-01", severity=~"info|warning"; rule and series are labels too'}
          error={problem("matchers")}
          value={draft.matchers}
          onChange={(event) => setDraft({ ...draft, matchers: event.target.value })}
        />
        <Select
          label="For"
          options={LENGTHS}
          value={draft.lengthMs}
          onChange={(event) => setDraft({ ...draft, lengthMs: event.target.value })}
        />
      </div>
      <When {...{ draft, setDraft, zone, problem }} />
      <Field
        label="Why"
        error={problem("comment")}
        value={draft.comment}
        onChange={(event) => setDraft({ ...draft, comment: event.target.value })}
      />
      {create.isError && <Notice variant="bad" title={create.error.message} />}
      <Button type="submit" variant="primary" disabled={create.isPending}>
        {draft.every === "" ? "Create silence" : "Create maintenance window"}
      </Button>
    </Form>
  );
}
