import type { UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";
import { wordTitle } from "#components/experiments/labels.ts";
import { numberField } from "#components/experiments/number-field.ts";
import { type Problem, problemAt } from "#components/experiments/problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { METRIC_AGGREGATIONS, METRIC_CATEGORIES, METRIC_ROLES } from "#lib/contract/experiment-names.ts";

const titled = (values: readonly string[]) => values.map((value) => ({ value, title: wordTitle(value) }));

const GOALS = [
  { value: "up", title: "Increase" },
  { value: "down", title: "Decrease" },
];

type Props = {
  n: number;
  metric: Draft["metrics"][number] | undefined;
  bySubject: boolean;
  register: UseFormRegister<Draft>;
  problems: Problem[];
  onRemove?: (() => void) | undefined;
};

/** How a metric is measured. */
function SourceFields({ n, metric, bySubject, register, problems }: Omit<Props, "onRemove">) {
  const at = `metrics.${n}` as const;
  const text = (field: "event" | "series" | "denominator") => ({
    error: problemAt(problems, `${at}.${field}`),
    ...register(`${at}.${field}`),
  });
  return (
    <>
      <Select label="Measured as" options={titled(METRIC_AGGREGATIONS)} {...register(`${at}.kind`)} />
      {bySubject ? (
        <Field label="Event" {...text("event")} />
      ) : (
        <Field label="Live metric" hint="For example: cpu.usage" {...text("series")} />
      )}
      {metric?.kind === "ratio" && (
        <Field label={bySubject ? "Denominator event" : "Denominator metric"} {...text("denominator")} />
      )}
      {metric?.kind === "quantile" && (
        <Field label="Quantile" hint="For example: 0.95" {...numberField(register, problems, `${at}.quantile`)} />
      )}
    </>
  );
}

/** A metric of a plan: how it is measured, and when it counts as better. */
export function MetricFields({ n, metric, bySubject, register, problems, onRemove }: Props) {
  const at = `metrics.${n}` as const;
  return (
    <fieldset className="grid grid-cols-2 items-start gap-3 border-line border-t pt-3 sm:grid-cols-4">
      <legend className="sr-only">Metric {n + 1}</legend>
      <Field label="Key" error={problemAt(problems, `${at}.key`)} {...register(`${at}.key`)} />
      <Select label="Role" options={titled(METRIC_ROLES)} {...register(`${at}.role`)} />
      <SourceFields {...{ n, metric, bySubject, register, problems }} />
      <Select label="Goal" options={GOALS} {...register(`${at}.better`)} />
      <Select label="Category" options={titled(METRIC_CATEGORIES)} {...register(`${at}.category`)} />
      <Field
        label="Minimum effect"
        hint="As a share: 0.02 is 2 %"
        {...numberField(register, problems, `${at}.minEffect`)}
      />
      {metric?.role === "guardrail" && (
        <Field
          label="Guardrail margin"
          hint="Allowed loss, as a share"
          {...numberField(register, problems, `${at}.margin`)}
        />
      )}
      {onRemove && (
        <Button variant="danger" className="mt-5" onClick={onRemove}>
          Remove metric
        </Button>
      )}
    </fieldset>
  );
}
