import type { UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";
import { numberField } from "#components/experiments/number-field.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";

const same = (...values: string[]) => values.map((value) => ({ value, title: value }));

type Props = {
  n: number;
  kind: string;
  bySubject: boolean;
  register: UseFormRegister<Draft>;
  of: (field: string) => string | undefined;
  onRemove?: (() => void) | undefined;
};

/** One metric of a plan: how it is measured, and when it counts as better. */
export function MetricFields({ n, kind, bySubject, register, of, onRemove }: Props) {
  const at = `metrics.${n}` as const;
  const number = (field: "quantile" | "minEffect" | "margin") => numberField(register, of, `${at}.${field}`);
  return (
    <fieldset className="grid grid-cols-2 items-start gap-3 border-line border-t pt-3 sm:grid-cols-4">
      <legend className="sr-only">Metric {n + 1}</legend>
      <Field label="Key" error={of(`${at}.key`)} {...register(`${at}.key`)} />
      <Select label="Role" options={same("primary", "secondary", "guardrail")} {...register(`${at}.role`)} />
      <Select
        label="Measured as"
        options={same("mean", ...(bySubject ? ["proportion"] : []), "count", "ratio", "quantile")}
        {...register(`${at}.kind`)}
      />
      {bySubject ? (
        <Field label="Event" error={of(`${at}.event`)} {...register(`${at}.event`)} />
      ) : (
        <Field label="Live metric" hint="Such as cpu.usage" error={of(`${at}.series`)} {...register(`${at}.series`)} />
      )}
      {kind === "ratio" && (
        <Field
          label={bySubject ? "Divided by the event" : "Divided by the metric"}
          error={of(`${at}.denominator`)}
          {...register(`${at}.denominator`)}
        />
      )}
      {kind === "quantile" && <Field label="Quantile" {...number("quantile")} />}
      <Select label="Better" options={same("up", "down")} {...register(`${at}.better`)} />
      <Select
        label="Counts to"
        options={same("efficiency", "quality", "performance")}
        {...register(`${at}.category`)}
      />
      <Field label="Least effect" hint="As a share" {...number("minEffect")} />
      <Field label="Margin" hint="Of a guardrail" {...number("margin")} />
      {onRemove && (
        <Button variant="danger" className="mt-5" onClick={onRemove}>
          Remove
        </Button>
      )}
    </fieldset>
  );
}
