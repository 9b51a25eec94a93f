"use client";

import { type FormEvent, useState } from "react";
import { FormEnd } from "#components/alerts/form-end.tsx";
import type { Rule } from "#components/alerts/queries.ts";
import { useSaveRule } from "#components/alerts/queries.ts";
import { draftOf, type RuleDraft, requestOf } from "#components/alerts/rule-draft.ts";
import { ApiError } from "#components/layout/api.ts";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { RULE_AGGREGATES, RULE_OPERATORS, SEVERITIES } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const plain = (values: readonly string[]) => values.map((value) => ({ value, title: value }));
const spans = (values: number[], none?: string) =>
  values.map((ms) => ({
    value: String(ms),
    title: ms === 0 ? (none ?? "0") : ms < MINUTE_MS ? `${ms / SECOND_MS} s` : durationText(ms),
  }));

const KINDS = [
  { value: "threshold", title: "Threshold" },
  { value: "change", title: "Change" },
  { value: "absence", title: "Absence of data" },
  { value: "anomaly", title: "Anomaly" },
];
const DIRECTIONS = [
  { value: "up", title: "Up" },
  { value: "down", title: "Down" },
  { value: "any", title: "Either way" },
];
const NO_DATA = [
  { value: "state", title: "A state of its own" },
  { value: "keep", title: "What held before" },
  { value: "firing", title: "The alert fires" },
  { value: "ok", title: "All is well" },
];
const WINDOWS = spans(
  [10, 30]
    .map((s) => s * SECOND_MS)
    .concat(
      [1, 5, 15, 60].map((m) => m * MINUTE_MS),
      DAY_MS,
    ),
);
const WAITS = spans([0, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS], "At once");
const EARLIER = spans([HOUR_MS, DAY_MS, 7 * DAY_MS]);

/** The choices, with the value that stands where it is none of them. */
const including = (options: { value: string; title: string }[], value: string) =>
  options.some((option) => option.value === value) ? options : [...options, ...spans([Number(value)])];

type Bind = (key: Exclude<keyof RuleDraft, "enabled">) => {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
};
type PartProps = { draft: RuleDraft; bind: Bind; problem: (field: string) => string | undefined };

function Condition({ draft, bind, problem }: PartProps) {
  if (draft.kind === "threshold")
    return (
      <div className="grid gap-3 sm:grid-cols-3">
        <Select label="Is" options={plain(RULE_OPERATORS)} {...bind("operator")} />
        <Field
          label="Level"
          inputMode="decimal"
          error={problem("condition.level")}
          hint="In the unit of the series: bytes, ms, percent"
          {...bind("level")}
        />
        <Field
          label="Resolve level (optional)"
          inputMode="decimal"
          error={problem("condition.resolve_level")}
          hint="The alert ends only past this"
          {...bind("resolveLevel")}
        />
      </div>
    );
  if (draft.kind === "change")
    return (
      <div className="grid gap-3 sm:grid-cols-3">
        <Select label="Direction" options={DIRECTIONS} {...bind("direction")} />
        <Field
          label="By at least"
          unit="%"
          inputMode="decimal"
          error={problem("condition.percent")}
          {...bind("percent")}
        />
        <Select label="Against" options={including(EARLIER, draft.againstMs)} {...bind("againstMs")} />
      </div>
    );
  if (draft.kind === "anomaly")
    return (
      <Field
        label="Confidence, from 0 to 1"
        inputMode="decimal"
        error={problem("condition.confidence")}
        {...bind("confidence")}
      />
    );
  return null;
}

function Fields({ draft, bind, problem, hosts }: PartProps & { hosts: { id: number; name: string }[] }) {
  const everywhere = [
    { value: "", title: "All hosts" },
    ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
  ];
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" error={problem("name")} {...bind("name")} />
        <Select label="Severity" options={plain(SEVERITIES.toReversed())} {...bind("severity")} />
        <Field
          label="Series"
          error={problem("series")}
          hint={'A metric, or one with labels: disk.usage{mount="/"}'}
          {...bind("series")}
        />
        <Select label="Host" options={everywhere} {...bind("host")} />
        <Select label="Value" options={plain(RULE_AGGREGATES)} {...bind("aggregate")} />
        <Select label="Window" options={including(WINDOWS, draft.windowMs)} {...bind("windowMs")} />
      </div>
      <Select label="Condition" options={KINDS} {...bind("kind")} />
      <Condition {...{ draft, bind, problem }} />
      <div className="grid gap-3 sm:grid-cols-3">
        <Select label="Must hold for" options={including(WAITS, draft.forMs)} {...bind("forMs")} />
        <Select label="Keep firing for" options={including(WAITS, draft.keepFiringMs)} {...bind("keepFiringMs")} />
        <Select label="No data means" options={NO_DATA} {...bind("noData")} />
      </div>
      <Field label="Note (optional)" hint="What it means and what to do" error={problem("note")} {...bind("note")} />
      <Field label="Runbook (optional)" hint="https://…" error={problem("runbook")} {...bind("runbook")} />
    </>
  );
}

type Props = { rule: Rule | undefined; hosts: { id: number; name: string }[]; onDone: () => void };

/** Creates a rule, or changes one. */
export function RuleForm({ rule, hosts, onDone }: Props) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const save = useSaveRule(rule?.id);
  const bind: Bind = (key) => ({
    value: draft[key],
    onChange: (event) => setDraft({ ...draft, [key]: event.target.value }),
  });
  const problem = (field: string) => (save.error instanceof ApiError ? save.error.field(field) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(requestOf(draft, rule), { onSuccess: onDone });
  };
  return (
    <form className="space-y-3" onSubmit={submit}>
      <Fields {...{ draft, bind, problem, hosts }} />
      <FormEnd
        act="Save rule"
        enabled={draft.enabled}
        save={save}
        onEnabled={(enabled) => setDraft({ ...draft, enabled })}
        onCancel={onDone}
      />
    </form>
  );
}
