import type { UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";
import { engineTitle } from "#components/experiments/labels.ts";
import { numberField } from "#components/experiments/number-field.ts";
import { type Problem, problemAt, problemWithin } from "#components/experiments/problems.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { ENGINES, type ExperimentKind } from "#lib/contract/experiment-names.ts";

const STOPS = [
  { value: "harm", label: "Stop on harm", hint: "A primary or guardrail metric is significantly worse" },
  { value: "success", label: "Stop on success", hint: "Every primary metric is significantly better" },
  { value: "futility", label: "Stop on futility", hint: "The minimum effect is out of reach" },
  { value: "duration", label: "Stop at the maximum duration", hint: "Without a conclusion" },
];

type Props = { register: UseFormRegister<Draft>; problems: Problem[]; kind: ExperimentKind };

const FOLDED = ["trafficAllocation", "targeting", "exclusion", "dimension", "seed"];

/** Which subjects take part, and what their results are split by. */
function TargetingFields({ register, problems }: Omit<Props, "kind">) {
  // A message must not be folded away.
  const hasProblem = FOLDED.some((field) => problemWithin(problems, `plan.${field}`));
  return (
    <details open={hasProblem || undefined}>
      <summary className="cursor-pointer text-muted text-xs">Targeting and traffic</summary>
      <div className="mt-3 space-y-3">
        <Field
          label="Traffic allocation"
          hint="Share of all subjects, 0 to 1"
          {...numberField(register, problems, "plan.trafficAllocation")}
        />
        <Field
          label="Targeting"
          hint="For example: country in DE FR; age above 17"
          error={problemWithin(problems, "plan.targeting")}
          {...register("targeting")}
        />
        <Field
          label="Exclusion group"
          hint="Group and range, for example: checkout 0 0.5"
          error={problemWithin(problems, "plan.exclusion")}
          {...register("exclusion")}
        />
        <Field
          label="Dimension"
          hint="The attribute of subjects to split results by"
          error={problemAt(problems, "plan.dimension")}
          {...register("plan.dimension")}
        />
        <Field
          label="Hash seed"
          hint="Default: the key"
          error={problemAt(problems, "plan.seed")}
          {...register("plan.seed")}
        />
      </div>
    </details>
  );
}

/** How an experiment is analysed and when it ends by itself. */
export function AnalysisFields({ register, problems, kind }: Props) {
  const number = (name: "alpha" | "maxDays" | "minSubjects" | "periodMinutes" | "beforeDays") =>
    numberField(register, problems, `plan.${name}`);
  return (
    <Card>
      <CardTitle>Analysis</CardTitle>
      <div className="space-y-3">
        <Select
          label="Statistics engine"
          options={ENGINES.map((value) => ({ value, title: engineTitle(kind, value) }))}
          {...register("plan.engine")}
        />
        <Field label="Significance level (α)" hint="Probability of a false positive" {...number("alpha")} />
        <Field label="Maximum duration" unit="days" {...number("maxDays")} />
        {kind === "ab" && <Field label="Minimum sample size per variant" {...number("minSubjects")} />}
        {kind === "switchback" && <Field label="Switchback period" unit="min" {...number("periodMinutes")} />}
        {kind !== "ab" && (
          <Field label="Baseline period" unit="days" hint="Before the start" {...number("beforeDays")} />
        )}
        {STOPS.map((stop) => (
          <Checkbox key={stop.value} {...stop} {...register("plan.stopOn")} />
        ))}
        <Field
          label="Webhook URL"
          hint="Receives each verdict. Once saved, only its host is shown"
          error={problemAt(problems, "plan.webhook")}
          {...register("plan.webhook")}
        />
        <Field
          label="Links"
          hint="Deploys and dashboards, comma-separated"
          error={problemWithin(problems, "plan.links")}
          {...register("links")}
        />
        {kind === "ab" && <TargetingFields register={register} problems={problems} />}
      </div>
    </Card>
  );
}
