"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { type UseFormReturn, useFieldArray, useForm } from "react-hook-form";
import { type Draft, draftOf, emptyMetric, planOf } from "#components/experiments/draft.ts";
import { Judging } from "#components/experiments/judging.tsx";
import { KIND_TITLE } from "#components/experiments/labels.ts";
import { MetricFields } from "#components/experiments/metric-fields.tsx";
import { numberField } from "#components/experiments/number-field.ts";
import { Power } from "#components/experiments/power.tsx";
import { ApiError, call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import {
  EXPERIMENT_KINDS,
  type ExperimentPlan,
  experimentSchema,
  variantSchema,
} from "#lib/contract/experiment-plans.ts";
import { contract } from "#lib/contract/index.ts";
import type { ExperimentInfo } from "#lib/experiments/read-experiments.ts";

type Problem = { field: string; message: string };

type PartProps = {
  form: UseFormReturn<Draft>;
  of: (field: string) => string | undefined;
};

function Basics({ form: { register }, of }: PartProps) {
  return (
    <Card>
      <CardTitle>What and why</CardTitle>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" error={of("name")} {...register("name")} />
        <Field label="Key" hint="Programs use it" error={of("key")} {...register("key")} />
        <Field
          className="sm:col-span-2"
          label="Hypothesis"
          hint="If we …, then …, because …"
          error={of("hypothesis")}
          {...register("hypothesis")}
        />
        <Select
          label="Kind"
          options={EXPERIMENT_KINDS.map((value) => ({ value, title: KIND_TITLE[value] ?? value }))}
          {...register("kind")}
        />
        <Field label="Tags" hint="With commas between" error={of("tags")} {...register("tags")} />
      </div>
    </Card>
  );
}

function Variants({ form: { register, control }, of, kind }: PartProps & { kind: string }) {
  const variants = useFieldArray({ control, name: "variants" });
  return (
    <Card>
      <CardTitle>Variants</CardTitle>
      <div className="space-y-3">
        {variants.fields.map((field, n) => (
          <div key={field.id} className="grid grid-cols-2 items-start gap-3 sm:grid-cols-4">
            <Field
              label={n === 0 ? "Control" : `Treatment ${n}`}
              error={of(`variants.${n}.key`)}
              {...register(`variants.${n}.key`)}
            />
            <Field label="Name" {...register(`variants.${n}.name`)} />
            {kind === "ab" ? (
              <Field label="Weight" {...numberField(register, of, `variants.${n}.weight`)} />
            ) : (
              <Field
                label="Hosts"
                hint="Ids, with commas between"
                error={of(`variants.${n}.hostIds`)}
                {...register(`variants.${n}.hosts`)}
              />
            )}
            {n > 1 && (
              <Button variant="danger" className="mt-5" onClick={() => variants.remove(n)}>
                Remove
              </Button>
            )}
          </div>
        ))}
      </div>
      {of("variants") && <Notice variant="bad" className="mt-3" title={of("variants") ?? ""} />}
      <Button
        className="mt-3"
        onClick={() => variants.append({ ...variantSchema.parse({ key: "x" }), key: "", hosts: "" })}
      >
        Add a variant
      </Button>
    </Card>
  );
}

function Metrics({ form: { register, control, watch }, of, kind }: PartProps & { kind: string }) {
  const metrics = useFieldArray({ control, name: "metrics" });
  const watched = watch("metrics");
  return (
    <Card>
      <CardTitle>Metrics</CardTitle>
      <div className="space-y-4">
        {metrics.fields.map((field, n) => (
          <MetricFields
            key={field.id}
            n={n}
            {...{ register, of, bySubject: kind === "ab", kind: watched[n]?.kind ?? "mean" }}
            onRemove={metrics.fields.length > 1 ? () => metrics.remove(n) : undefined}
          />
        ))}
      </div>
      {of("metrics") && <Notice variant="bad" className="mt-3" title={of("metrics") ?? ""} />}
      <Button className="mt-3" onClick={() => metrics.append(emptyMetric("secondary"))}>
        Add a metric
      </Button>
    </Card>
  );
}

/** Saves a draft; answers what is wrong with it, by the schema and by the server. */
async function saveDraft(draft: Draft, id: number | undefined): Promise<{ id: number } | { problems: Problem[] }> {
  const parsed = experimentSchema.safeParse(planOf(draft));
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })) };
  try {
    const body = parsed.data;
    return id
      ? await call(contract.experiments.replace, { params: { id: String(id) }, body })
      : await call(contract.experiments.create, { body });
  } catch (error) {
    const known = error instanceof ApiError ? error.problem.errors : undefined;
    return { problems: known ?? [{ field: "", message: (error as Error).message }] };
  }
}

/** Plans an experiment; the server's own rules check it, each problem beside its field. */
export function Editor({ id, initial }: { id?: number; initial?: Pick<ExperimentInfo, keyof ExperimentPlan> }) {
  const router = useRouter();
  const [problems, setProblems] = useState<Problem[]>([]);
  const form = useForm<Draft>({ defaultValues: draftOf(initial) });
  const { register, handleSubmit, watch, formState } = form;
  const [kind, plan, metrics, variants] = [watch("kind"), watch("plan"), watch("metrics"), watch("variants")];
  const of = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const save = handleSubmit(async (draft) => {
    const saved = await saveDraft(draft, id);
    if ("problems" in saved) return setProblems(saved.problems);
    setProblems([]);
    router.push(`/experiments/${saved.id}`);
  });
  return (
    <form noValidate onSubmit={save}>
      <PageTitle note="Fixed once it starts: set the criteria before you see results">
        {id ? "Edit the plan" : "New experiment"}
      </PageTitle>
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-3">
          <Basics form={form} of={of} />
          <Variants form={form} of={of} kind={kind} />
          <Metrics form={form} of={of} kind={kind} />
        </div>
        <div className="grid gap-3">
          <Judging {...{ register, of, kind }} />
          {kind === "ab" && (
            <Power
              kind={metrics[0]?.kind ?? "mean"}
              alpha={plan.alpha || 0.05}
              power={plan.power}
              variants={variants.length}
            />
          )}
        </div>
      </div>
      {problems.length > 0 && (
        <Notice variant="bad" className="mt-3" title="Not saved">
          {problems.map(({ field, message }) => `${field ? `${field}: ` : ""}${message}`).join("; ")}
        </Notice>
      )}
      <Button variant="primary" type="submit" className="mt-3" disabled={formState.isSubmitting}>
        {formState.isSubmitting ? "Saving…" : "Save the draft"}
      </Button>
    </form>
  );
}
