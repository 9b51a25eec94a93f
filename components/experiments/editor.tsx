"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFieldArray, useForm } from "react-hook-form";
import { type Draft, draftOf, emptyMetric, planOf } from "#components/experiments/draft.ts";
import { Judging } from "#components/experiments/judging.tsx";
import { KIND_TITLE } from "#components/experiments/labels.ts";
import { MetricFields } from "#components/experiments/metric-fields.tsx";
import { Power } from "#components/experiments/power.tsx";
import { ApiError, api } from "#components/layout/api.ts";
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
import type { ExperimentInfo } from "#lib/experiments/read.ts";

/** Plans an experiment; the server's own rules check it, each problem beside its field. */
export function Editor({ id, initial }: { id?: number; initial?: Pick<ExperimentInfo, keyof ExperimentPlan> }) {
  const router = useRouter();
  const [problems, setProblems] = useState<{ field: string; message: string }[]>([]);
  const { register, control, handleSubmit, watch, formState } = useForm<Draft>({ defaultValues: draftOf(initial) });
  const variants = useFieldArray({ control, name: "variants" });
  const metrics = useFieldArray({ control, name: "metrics" });
  const [kind, plan, watched] = [watch("kind"), watch("plan"), watch("metrics")];
  const of = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const save = handleSubmit(async (draft) => {
    const parsed = experimentSchema.safeParse(planOf(draft));
    if (!parsed.success)
      return setProblems(parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })));
    setProblems([]);
    try {
      const saved = await api<{ id: number }>(id ? `/experiments/${id}` : "/experiments", {
        method: id ? "PUT" : "POST",
        body: parsed.data,
      });
      router.push(`/experiments/${saved.id}`);
    } catch (error) {
      const known = error instanceof ApiError ? error.problem.errors : undefined;
      setProblems(known ?? [{ field: "", message: (error as Error).message }]);
    }
  });
  return (
    <form noValidate onSubmit={save}>
      <PageTitle note="Fixed once it starts: set the criteria before you see results">
        {id ? "Edit the plan" : "New experiment"}
      </PageTitle>
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-3">
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
                    <Field
                      label="Weight"
                      type="number"
                      step="any"
                      error={of(`variants.${n}.weight`)}
                      {...register(`variants.${n}.weight`, { valueAsNumber: true })}
                    />
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
        </div>
        <div className="grid gap-3">
          <Judging {...{ register, of, kind }} />
          {kind === "ab" && (
            <Power
              kind={watched[0]?.kind ?? "mean"}
              alpha={plan.alpha || 0.05}
              power={plan.power}
              variants={variants.fields.length}
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
