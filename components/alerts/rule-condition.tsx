import { ExpressionFields } from "#components/alerts/expression-fields.tsx";
import { EMPTY_PART, type PartDraft, type RuleDraft } from "#components/alerts/rule-draft.ts";
import {
  COMBINES,
  COUNTED,
  DIRECTIONS,
  EARLIER,
  EVERY,
  GRACES,
  including,
  plain,
  WINDOWS,
  WITHIN,
} from "#components/alerts/rule-options.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { RULE_AGGREGATES, RULE_OPERATORS } from "#lib/contract/enums.ts";

export type Bind = (key: Exclude<keyof RuleDraft, "enabled" | "parts">) => {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
};

export type ConditionProps = {
  draft: RuleDraft;
  bind: Bind;
  problem: (field: string) => string | undefined;
  onParts: (parts: PartDraft[]) => void;
};

const LEVEL_HINT = "In the unit of the series: bytes, ms, percent";

function Threshold({ bind, problem }: ConditionProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Select label="Is" options={plain(RULE_OPERATORS)} {...bind("operator")} />
      <Field
        label="Level"
        inputMode="decimal"
        error={problem("condition.level")}
        hint={LEVEL_HINT}
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
}

function Change({ draft, bind, problem }: ConditionProps) {
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
}

function Forecast({ draft, bind, problem }: ConditionProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-4">
      <Select label="Will be" options={plain(RULE_OPERATORS)} {...bind("operator")} />
      <Field label="Level" inputMode="decimal" error={problem("condition.level")} {...bind("level")} />
      <Select label="Within" options={including(WITHIN, draft.withinMs)} {...bind("withinMs")} />
      <Field
        label="Likely at least"
        unit="%"
        inputMode="decimal"
        error={problem("condition.probability")}
        {...bind("likely")}
      />
    </div>
  );
}

function BurnRate({ draft, bind, problem }: ConditionProps) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Objective"
          unit="%"
          inputMode="decimal"
          hint="Share that is to be good"
          error={problem("condition.objective")}
          {...bind("objective")}
        />
        <Select label="What is counted" options={COUNTED} {...bind("counted")} />
      </div>
      {draft.counted === "ratio" ? (
        <Field
          label="Total"
          hint="The series of everything; the rule's own is of failures"
          error={problem("condition.total")}
          {...bind("total")}
        />
      ) : (
        <div className="grid gap-3 sm:grid-cols-2">
          <Select label="Bad when" options={plain(RULE_OPERATORS)} {...bind("operator")} />
          <Field
            label="Level"
            inputMode="decimal"
            error={problem("condition.bad.level") ?? problem("condition.bad")}
            hint={LEVEL_HINT}
            {...bind("level")}
          />
        </div>
      )}
    </>
  );
}

type PartProps = {
  part: PartDraft;
  number: number;
  problem: ConditionProps["problem"];
  onChange: (part: PartDraft) => void;
  onRemove: (() => void) | undefined;
};

function Part({ part, number, problem, onChange, onRemove }: PartProps) {
  const at = `condition.parts.${number}`;
  const set = (key: "series" | "aggregate" | "windowMs" | "operator" | "level") => ({
    value: part[key],
    onChange: (event: { target: { value: string } }) => onChange({ ...part, [key]: event.target.value } as PartDraft),
  });
  return (
    <fieldset className="grid gap-3 border-line border-l-2 pl-3">
      <legend className="sr-only">Condition {number + 1}</legend>
      <div className="grid gap-3 sm:grid-cols-[2fr_1fr_1fr]">
        <Field label={`Series ${number + 1}`} error={problem(`${at}.series`)} {...set("series")} />
        <Select label="Value" options={plain(RULE_AGGREGATES)} {...set("aggregate")} />
        <Select label="Window" options={including(WINDOWS, part.windowMs)} {...set("windowMs")} />
      </div>
      {part.other ? (
        <p className="text-muted text-xs">A condition of kind {part.other.kind}, as the rule's YAML has it.</p>
      ) : (
        <div className="grid gap-3 sm:grid-cols-[1fr_2fr]">
          <Select label="Is" options={plain(RULE_OPERATORS)} {...set("operator")} />
          <Field label="Level" inputMode="decimal" error={problem(`${at}.condition.level`)} {...set("level")} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Checkbox
          label="Not"
          hint="Holds while this does not"
          checked={part.not}
          onChange={(event) => onChange({ ...part, not: event.target.checked })}
        />
        {onRemove && (
          <Button variant="quiet" className="h-8" aria-label={`Remove condition ${number + 1}`} onClick={onRemove}>
            Remove
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function Composite({ draft: { parts }, bind, problem, onParts }: ConditionProps) {
  return (
    <>
      <Select label="Together" options={COMBINES} {...bind("combine")} />
      {parts.map((part, n) => (
        <Part
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place
          key={n}
          {...{ part, number: n, problem }}
          onChange={(changed) => onParts(parts.with(n, changed))}
          onRemove={parts.length > 1 ? () => onParts(parts.toSpliced(n, 1)) : undefined}
        />
      ))}
      {parts.length < 10 && (
        <Button className="h-8 justify-self-start" onClick={() => onParts([...parts, EMPTY_PART])}>
          Add condition
        </Button>
      )}
    </>
  );
}

function Heartbeat({ draft, bind, problem }: ConditionProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Select label="Reports every" options={including(EVERY, draft.everyMs || "0")} {...bind("everyMs")} />
      <Select label="May be late by" options={including(GRACES, draft.graceMs)} {...bind("graceMs")} />
      <Field
        label="Or by schedule (optional)"
        hint="minute hour day month weekday: 0 3 * * *"
        error={problem("condition.cron") ?? problem("condition.every_ms")}
        {...bind("cron")}
      />
      <Field label="Time zone of the schedule" error={problem("zone")} {...bind("zone")} />
    </div>
  );
}

/** The fields of a rule's condition, by its kind. */
export function Condition(props: ConditionProps) {
  const { draft, bind, problem } = props;
  switch (draft.kind) {
    case "threshold":
      return <Threshold {...props} />;
    case "change":
      return <Change {...props} />;
    case "anomaly":
      return (
        <Field
          label="Confidence, from 0 to 1"
          inputMode="decimal"
          error={problem("condition.confidence")}
          {...bind("confidence")}
        />
      );
    case "forecast":
      return <Forecast {...props} />;
    case "burn_rate":
      return <BurnRate {...props} />;
    case "composite":
      return <Composite {...props} />;
    case "expression":
      return <ExpressionFields {...props} />;
    case "heartbeat":
      return <Heartbeat {...props} />;
    case "absence":
      return null;
  }
}
