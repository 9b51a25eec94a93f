import type { UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";
import { numberField } from "#components/experiments/number-field.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";

const ENGINES = [
  { value: "sequential", title: "Sequential: look as often as you like" },
  { value: "fixed", title: "Fixed: one look at the end" },
  { value: "bayes", title: "Bayesian" },
];

const STOPS = [
  { value: "harm", label: "Stop on harm", hint: "A primary metric or guardrail surely gets worse" },
  { value: "success", label: "Stop on success", hint: "Every primary metric surely gets better" },
  { value: "futility", label: "Stop on futility", hint: "The least effect is out of reach" },
  { value: "duration", label: "Stop at the longest time", hint: "Without a conclusion" },
];

type Props = { register: UseFormRegister<Draft>; of: (field: string) => string | undefined; kind: string };

/** How an experiment is judged and when it ends by itself; who takes part lies folded below. */
export function Judging({ register, of, kind }: Props) {
  const number = (name: "alpha" | "maxDays" | "minSubjects" | "trafficAllocation" | "periodMinutes" | "beforeDays") =>
    numberField(register, of, `plan.${name}`);
  return (
    <Card>
      <CardTitle>How it is judged</CardTitle>
      <div className="space-y-3">
        <Select label="Statistics" options={ENGINES} {...register("plan.engine")} />
        <Field label="α" hint="Chance of a false finding" {...number("alpha")} />
        <Field label="Longest" unit="days" {...number("maxDays")} />
        {kind === "ab" && <Field label="Least subjects a variant" {...number("minSubjects")} />}
        {kind === "switchback" && <Field label="Period" unit="min" {...number("periodMinutes")} />}
        {kind !== "ab" && <Field label="Compared with" unit="days" hint="Before the start" {...number("beforeDays")} />}
        {STOPS.map((stop) => (
          <Checkbox key={stop.value} {...stop} {...register("plan.stopOn")} />
        ))}
        <Field label="Webhook" hint="Told of each verdict" error={of("plan.webhook")} {...register("plan.webhook")} />
        <Field
          label="Links"
          hint="Deploys and dashboards, with commas between"
          error={of("plan.links")}
          {...register("links")}
        />
        {kind === "ab" && (
          <details>
            <summary className="cursor-pointer text-muted text-xs">Who takes part</summary>
            <div className="mt-3 space-y-3">
              <Field label="Coverage" hint="Share of all subjects, 0 to 1" {...number("trafficAllocation")} />
              <Field
                label="Targeting"
                hint="For example: country in DE FR; age above 17"
                error={of("plan.targeting.0.op") ?? of("plan.targeting.0.value")}
                {...register("targeting")}
              />
              <Field
                label="Exclusion"
                hint="Group and its range, for example: checkout 0 0.5"
                error={of("plan.exclusion.from") ?? of("plan.exclusion.group")}
                {...register("exclusion")}
              />
              <Field label="Segment" hint="The attribute that results are split by" {...register("plan.dimension")} />
              <Field label="Seed" hint="The key where empty" {...register("plan.seed")} />
            </div>
          </details>
        )}
      </div>
    </Card>
  );
}
