"use client";

import { type FormEvent, useState } from "react";
import { ExpressionChart } from "#components/alerts/expression-preview.tsx";
import { FormEnd } from "#components/alerts/form-end.tsx";
import { type Rule, type RuleRequest, useSaveRule } from "#components/alerts/queries.ts";
import { RuleCheck } from "#components/alerts/rule-check.tsx";
import { type Bind, Condition, type ConditionProps } from "#components/alerts/rule-condition.tsx";
import { draftOf, requestOf } from "#components/alerts/rule-draft.ts";
import { including, KINDS, NO_DATA, plain, WAITS, WINDOWS } from "#components/alerts/rule-options.ts";
import { RuleTest } from "#components/alerts/rule-test.tsx";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Select } from "#components/ui/select.tsx";
import { RULE_AGGREGATES, SEVERITIES } from "#lib/contract/enums.ts";

function Fields({ draft, bind, problem, onParts, hosts }: ConditionProps & { hosts: { id: number; name: string }[] }) {
  const everywhere = [
    { value: "", title: "All hosts" },
    ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
  ];
  const isExpression = draft.kind === "expression";
  const ofOneSeries = draft.kind !== "heartbeat" && draft.kind !== "composite" && !isExpression;
  const hasWindow = draft.kind === "threshold" || draft.kind === "change" || draft.kind === "absence";
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" error={problem("name")} {...bind("name")} />
        <Select label="Severity" options={plain(SEVERITIES.toReversed())} {...bind("severity")} />
        <Select label="Condition" options={KINDS} {...bind("kind")} />
        {!isExpression && <Select label="Host" options={everywhere} error={problem("host_ids")} {...bind("host")} />}
        {ofOneSeries && (
          <Field
            label="Series"
            error={problem("series")}
            hint={'A metric, or one with labels: disk.usage{mount="/"}'}
            {...bind("series")}
          />
        )}
        {hasWindow && (
          <div className="grid grid-cols-2 gap-3">
            <Select label="Value" options={plain(RULE_AGGREGATES)} {...bind("aggregate")} />
            <Select label="Window" options={including(WINDOWS, draft.windowMs)} {...bind("windowMs")} />
          </div>
        )}
      </div>
      <Condition {...{ draft, bind, problem, onParts }} />
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

type Props = {
  rule: Rule | undefined;
  hosts: { id: number; name: string }[];
  /** What a new rule begins with. */
  expression?: string | undefined;
  onDone: () => void;
};

/** Creates a rule, or changes one. */
export function RuleForm({ rule, hosts, expression, onDone }: Props) {
  const [draft, setDraft] = useState(() => draftOf(rule, expression));
  const [charted, setCharted] = useState<string>();
  const [tested, setTested] = useState<RuleRequest>();
  const save = useSaveRule(rule?.id);
  const bind: Bind = (key) => ({
    value: draft[key],
    onChange: (event) => setDraft({ ...draft, [key]: event.target.value }),
  });
  const problem = problemsOf(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(requestOf(draft, rule), { onSuccess: onDone });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <Fields {...{ draft, bind, problem, hosts }} onParts={(parts) => setDraft({ ...draft, parts })} />
      <RuleCheck request={requestOf(draft, rule)} />
      {charted && <ExpressionChart expr={charted} />}
      {draft.kind === "expression" && (
        <Button disabled={draft.expr.trim() === ""} onClick={() => setCharted(draft.expr)}>
          Draw past 6 hours
        </Button>
      )}
      <Button disabled={draft.kind === "heartbeat"} onClick={() => setTested(requestOf(draft, rule))}>
        Test on the past 30 days
      </Button>
      <RuleTest request={tested} onStop={() => setTested(undefined)} />
      <FormEnd
        act="Save rule"
        enabled={draft.enabled}
        save={save}
        onEnabled={(enabled) => setDraft({ ...draft, enabled })}
        onCancel={onDone}
      />
    </Form>
  );
}
