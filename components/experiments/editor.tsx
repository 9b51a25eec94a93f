"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { type UseFormReturn, useFieldArray, useForm } from "react-hook-form";
import { AnalysisFields } from "#components/experiments/analysis-fields.tsx";
import type { Blank } from "#components/experiments/blank.ts";
import { type Draft, toDraft, toPlan, variantDraft } from "#components/experiments/draft.ts";
import { KIND_TITLE } from "#components/experiments/labels.ts";
import { MetricFields } from "#components/experiments/metric-fields.tsx";
import { numberField } from "#components/experiments/number-field.ts";
import { type Problem, problemAt, problemTexts, problemWithin } from "#components/experiments/problems.ts";
import { type Experiment, saveDraft } from "#components/experiments/queries.ts";
import { SampleSize } from "#components/experiments/sample-size.tsx";
import { ApiError } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { EXPERIMENT_KINDS, type ExperimentKind } from "#lib/contract/experiment-names.ts";
import type { ExperimentPlan } from "#lib/contract/experiment-plans.ts";

type PartProps = { form: UseFormReturn<Draft>; problems: Problem[] };
type ListProps = PartProps & { kind: ExperimentKind; blank: Blank };

function Overview({ form: { register }, problems }: PartProps) {
  const text = (name: "name" | "key" | "hypothesis") => ({ error: problemAt(problems, name), ...register(name) });
  return (
    <Card>
      <CardTitle>Overview</CardTitle>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" {...text("name")} />
        <Field label="Key" hint="The name in code and in the API" {...text("key")} />
        <Field className="sm:col-span-2" label="Hypothesis" hint="If we …, then …, because …" {...text("hypothesis")} />
        <Select
          label="Kind"
          options={EXPERIMENT_KINDS.map((value) => ({ value, title: KIND_TITLE[value] }))}
          {...register("kind")}
        />
        <Field label="Tags" hint="Comma-separated" error={problemWithin(problems, "tags")} {...register("tags")} />
      </div>
    </Card>
  );
}

/** Hosts are named at each variant of a canary, and at the first of what compares times. */
const namesHosts = (kind: ExperimentKind, n: number) => kind === "hosts" || (kind !== "ab" && n === 0);

function Variants({ form: { register, control }, problems, kind, blank }: ListProps) {
  const variants = useFieldArray({ control, name: "variants" });
  const own = problemAt(problems, "variants");
  return (
    <Card>
      <CardTitle>Variants</CardTitle>
      <div className="space-y-3">
        {variants.fields.map((field, n) => (
          <div key={field.id} className="grid grid-cols-2 items-start gap-3 sm:grid-cols-4">
            <Field
              label={n === 0 ? "Control" : `Treatment ${n}`}
              error={problemAt(problems, `variants.${n}.key`)}
              {...register(`variants.${n}.key`)}
            />
            <Field label="Name" error={problemAt(problems, `variants.${n}.name`)} {...register(`variants.${n}.name`)} />
            {kind === "ab" && <Field label="Weight" {...numberField(register, problems, `variants.${n}.weight`)} />}
            {namesHosts(kind, n) && (
              <Field
                label="Hosts"
                hint="Host IDs, comma-separated"
                error={problemWithin(problems, `variants.${n}.hostIds`)}
                {...register(`variants.${n}.hosts`)}
              />
            )}
            {n > 1 && (
              <Button variant="danger" className="mt-5" onClick={() => variants.remove(n)}>
                Remove variant
              </Button>
            )}
          </div>
        ))}
      </div>
      {own && <Notice variant="bad" className="mt-3" title={own} />}
      <Button className="mt-3" onClick={() => variants.append(variantDraft(blank.variant))}>
        Add variant
      </Button>
    </Card>
  );
}

function Metrics({ form: { register, control, watch }, problems, kind, blank }: ListProps) {
  const metrics = useFieldArray({ control, name: "metrics" });
  const watched = watch("metrics");
  const own = problemAt(problems, "metrics");
  return (
    <Card>
      <CardTitle>Metrics</CardTitle>
      <div className="space-y-4">
        {metrics.fields.map((field, n) => (
          <MetricFields
            key={field.id}
            {...{ n, register, problems, metric: watched[n], bySubject: kind === "ab" }}
            onRemove={metrics.fields.length > 1 ? () => metrics.remove(n) : undefined}
          />
        ))}
      </div>
      {own && <Notice variant="bad" className="mt-3" title={own} />}
      <Button className="mt-3" onClick={() => metrics.append(blank.metric)}>
        Add metric
      </Button>
    </Card>
  );
}

/** Saves a draft; answers what is wrong with it, by the schema and by the server. */
async function submit(draft: Draft, id: number | undefined): Promise<{ id: number } | { problems: Problem[] }> {
  try {
    const { experimentSchema } = await import("#lib/contract/experiment-plans.ts");
    const parsed = experimentSchema.safeParse(toPlan(draft));
    if (!parsed.success)
      return { problems: parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })) };
    return await saveDraft(id, parsed.data);
  } catch (error) {
    const fields = error instanceof ApiError ? error.problem.errors : undefined;
    return { problems: fields ?? [{ field: "", message: (error as Error).message }] };
  }
}

type Props = { id?: number; initial?: Pick<Experiment, keyof ExperimentPlan>; blank: Blank };

/** Plans an experiment; the server's own rules check it, each problem beside its field. */
export function Editor({ id, initial, blank }: Props) {
  const router = useRouter();
  const [problems, setProblems] = useState<Problem[]>([]);
  const form = useForm<Draft>({ defaultValues: toDraft(initial ?? blank.plan) });
  const { register, handleSubmit, watch, formState } = form;
  const [kind, plan, metrics, variants] = [watch("kind"), watch("plan"), watch("metrics"), watch("variants")];
  const save = handleSubmit(async (draft) => {
    const saved = await submit(draft, id);
    if ("problems" in saved) return setProblems(saved.problems);
    setProblems([]);
    router.push(`/experiments/${saved.id}`);
  });
  const parts = { form, problems, kind, blank };
  const primary = metrics.find(({ role }) => role === "primary") ?? metrics[0];
  return (
    <Form noValidate onSubmit={save}>
      <PageTitle note="The plan is fixed once the experiment starts">{id ? "Edit plan" : "New experiment"}</PageTitle>
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-3">
          <Overview {...{ form, problems }} />
          <Variants {...parts} />
          <Metrics {...parts} />
        </div>
        <div className="grid gap-3">
          <AnalysisFields {...{ register, problems, kind }} />
          {kind === "ab" && (
            <SampleSize
              kind={primary?.kind ?? "mean"}
              alpha={plan.alpha || 0.05}
              power={plan.power}
              variants={variants.length}
            />
          )}
        </div>
      </div>
      {problems.length > 0 && (
        <Notice variant="bad" className="mt-3" title="Not saved">
          <ul>
            {problemTexts(problems).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Button variant="primary" type="submit" className="mt-3" disabled={formState.isSubmitting}>
        {formState.isSubmitting ? "Saving…" : "Save draft"}
      </Button>
    </Form>
  );
}
