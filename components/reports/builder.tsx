"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { call } from "#components/layout/api.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Expressions } from "#components/reports/expressions.tsx";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { createReport, type ReportRequest, type ReportTemplate, templatesQuery } from "#components/reports/queries.ts";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { SPANS } from "#components/reports/spans.ts";
import { Templates } from "#components/reports/templates.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { SectionName } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";

type Named = { id: number; name: string };
type Plan = Omit<ReportTemplate, "id">;
type Section = { name: SectionName; title: string; help: string };

const BLANK: Plan = { name: "", sectionNames: ["hosts", "anomalies"], expressions: [], hostIds: [], days: 7 };

const toggled = <T,>(list: T[], item: T): T[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item];

type SectionsProps = { all: Section[]; chosen: SectionName[]; onChange: (names: SectionName[]) => void };

function Sections({ all, chosen, onChange }: SectionsProps) {
  // The report has them in the order of this list, whichever was ticked first.
  const inOrder = (names: SectionName[]) => all.flatMap(({ name }) => (names.includes(name) ? [name] : []));
  return (
    <fieldset className="grid min-w-0 gap-3 sm:grid-cols-2">
      <legend className="mb-2 font-medium text-xs">Sections</legend>
      {all.map(({ name, title, help }) => (
        <Checkbox
          key={name}
          label={title}
          hint={help}
          checked={chosen.includes(name)}
          onChange={() => onChange(inOrder(toggled(chosen, name)))}
        />
      ))}
    </fieldset>
  );
}

function Hosts({ all, chosen, onChange }: { all: Named[]; chosen: number[]; onChange: (ids: number[]) => void }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-xs">Hosts</legend>
      <div className="grid max-h-48 gap-x-4 gap-y-2 overflow-y-auto sm:grid-cols-3">
        <Checkbox label="All hosts, including new ones" checked={chosen.length === 0} onChange={() => onChange([])} />
        {all.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={() => onChange(toggled(chosen, id))}
          />
        ))}
      </div>
    </fieldset>
  );
}

type NameProps = { plan: Plan; error: string | undefined; onChange: (part: Partial<Plan>) => void };

function NameAndPeriod({ plan, error, onChange }: NameProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label="Name"
        hint="Title of the report and name of its template"
        value={plan.name}
        error={error}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Select
        label="Period"
        value={String(plan.days)}
        onChange={(event) => onChange({ days: Number(event.target.value) })}
        options={SPANS}
      />
    </div>
  );
}

type PartsProps = {
  sections: Section[];
  plan: Plan;
  problem: ReturnType<typeof problemsOf>;
  onChange: NameProps["onChange"];
};

/** What the report has: sections that are always made, and expressions of its own. */
function Parts({ sections, plan, problem, onChange }: PartsProps) {
  return (
    <>
      <Sections all={sections} chosen={plan.sectionNames} onChange={(sectionNames) => onChange({ sectionNames })} />
      <Expressions chosen={plan.expressions} problem={problem} onChange={(expressions) => onChange({ expressions })} />
      {isEmpty(plan) && <p className="text-muted text-xs">Choose at least one section, or add an expression.</p>}
    </>
  );
}

const isEmpty = ({ sectionNames, expressions }: Plan) => sectionNames.length + expressions.length === 0;

type SaveProps = { id: number | undefined; disabled: boolean; onSave: (id: number | undefined) => void };

function SaveButtons({ id, disabled, onSave }: SaveProps) {
  return (
    <>
      {id !== undefined && (
        <Button className="h-8" disabled={disabled} onClick={() => onSave(undefined)}>
          Save as new template
        </Button>
      )}
      <Button className="h-8" disabled={disabled} onClick={() => onSave(id)}>
        Save template
      </Button>
    </>
  );
}

const toRequest = ({ name, days, ...plan }: Plan): ReportRequest => ({
  ...{ ...plan, type: "custom", title: name, from: `now-${days}d` },
});

/** Composes a report of sections, hosts and a period; creates it, saves it as a template, or previews its email. */
export function Builder({ sections, hosts }: { sections: Section[]; hosts: Named[] }) {
  const router = useRouter();
  const client = useQueryClient();
  const [plan, setPlan] = useState(BLANK);
  /** The template that was opened or saved last, which saving changes. */
  const [id, setId] = useState<number>();
  const change = (part: Partial<Plan>) => setPlan({ ...plan, ...part });
  const create = useMutation({
    mutationFn: () => createReport(toRequest(plan)),
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const save = useMutation({
    mutationFn: (target: number | undefined) => call(contract.reportTemplates.save, { body: { id: target, ...plan } }),
    onSuccess: (saved) => {
      setId(saved.id);
      return client.invalidateQueries({ queryKey: templatesQuery.queryKey });
    },
  });
  const failed = create.error ?? save.error;
  const problem = problemsOf(failed);
  const none = isEmpty(plan);
  return (
    <ReportFrame mayWrite>
      <Card>
        <CardTitle>Build a report</CardTitle>
        <div className="grid gap-5">
          <NameAndPeriod plan={plan} error={problem("name") ?? problem("title")} onChange={change} />
          <Parts sections={sections} plan={plan} problem={problem} onChange={change} />
          <Hosts all={hosts} chosen={plan.hostIds} onChange={(hostIds) => change({ hostIds })} />
          {failed && <Notice variant="bad" title={failed.message} />}
          {save.isSuccess && <Notice variant="good" title={`Template “${save.data.name}” saved`} />}
          <div className="flex flex-wrap items-center justify-end gap-2">
            <MailPreview request={toRequest(plan)} disabled={none} />
            <SaveButtons id={id} disabled={none || save.isPending} onSave={(target) => save.mutate(target)} />
            <Button
              variant="primary"
              className="h-8"
              disabled={none || create.isPending}
              onClick={() => create.mutate()}
            >
              {create.isPending ? "Creating…" : "Create report"}
            </Button>
          </div>
        </div>
      </Card>
      <Templates
        titles={new Map(sections.map(({ name, title }) => [name, title]))}
        onOpen={({ id: opened, ...chosen }) => {
          save.reset();
          setId(opened);
          setPlan(chosen);
        }}
      />
    </ReportFrame>
  );
}
