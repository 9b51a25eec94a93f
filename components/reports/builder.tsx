"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiError, api } from "#components/layout/api.ts";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { SPANS } from "#components/reports/spans.ts";
import { TEMPLATES_KEY, Templates } from "#components/reports/templates.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReportTemplate } from "#lib/reports/templates.ts";

type Named = { id: number; name: string };
type Plan = Omit<ReportTemplate, "id" | "sectionNames"> & { sectionNames: string[] };
type Section = { name: string; title: string; help: string };

const BLANK: Plan = { name: "", sectionNames: ["hosts", "anomalies"], hostIds: [], days: 7 };

const toggled = <T,>(list: T[], one: T): T[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

function Sections({ all, chosen, onChange }: { all: Section[]; chosen: string[]; onChange: (to: string[]) => void }) {
  // The report has them in the order of this list, whichever was ticked first.
  const inOrder = (names: string[]) => all.flatMap(({ name }) => (names.includes(name) ? [name] : []));
  return (
    <fieldset className="grid gap-3 sm:grid-cols-2">
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

function Hosts({ all, chosen, onChange }: { all: Named[]; chosen: number[]; onChange: (to: number[]) => void }) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-xs">Hosts</legend>
      <div className="grid max-h-48 gap-x-4 gap-y-2 overflow-y-auto sm:grid-cols-3">
        <Checkbox label="All hosts, also later ones" checked={chosen.length === 0} onChange={() => onChange([])} />
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
        hint="Its title, and that of its template"
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

/** What the plan is of, as the API takes a report. */
const bodyOf = ({ name, sectionNames, hostIds, days }: Plan) => ({
  ...{ type: "custom", title: name, sectionNames, hostIds, from: `now-${days}d` },
});

/** Composes a report of sections, hosts and a period; makes it, keeps it as a template, or shows its mail. */
export function Builder({ sections, hosts }: { sections: Section[]; hosts: Named[] }) {
  const router = useRouter();
  const client = useQueryClient();
  const [plan, setPlan] = useState(BLANK);
  const change = (part: Partial<Plan>) => setPlan({ ...plan, ...part });
  const make = useMutation({
    mutationFn: () => api<{ id: number }>("/reports", { method: "POST", body: bodyOf(plan) }),
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const save = useMutation({
    mutationFn: () => api<ReportTemplate>("/reports/templates", { method: "PUT", body: plan }),
    onSuccess: () => client.invalidateQueries({ queryKey: TEMPLATES_KEY }),
  });
  const failed = make.error ?? save.error;
  const of = (field: string) => (failed instanceof ApiError ? failed.field(field) : undefined);
  const none = plan.sectionNames.length === 0;
  return (
    <ReportFrame writes>
      <Card>
        <CardTitle>Compose a report</CardTitle>
        <div className="grid gap-5">
          <NameAndPeriod plan={plan} error={of("name") ?? of("title")} onChange={change} />
          <Sections all={sections} chosen={plan.sectionNames} onChange={(to) => change({ sectionNames: to })} />
          {none && <p className="text-muted text-xs">Choose at least one section.</p>}
          <Hosts all={hosts} chosen={plan.hostIds} onChange={(to) => change({ hostIds: to })} />
          {failed && <Notice variant="bad" title={failed.message} />}
          {save.isSuccess && <Notice variant="good" title={`Kept as the template “${save.data.name}”`} />}
          <div className="flex flex-wrap items-center justify-end gap-2">
            <MailPreview body={bodyOf(plan)} disabled={none} />
            <Button className="h-8" disabled={none || save.isPending} onClick={() => save.mutate()}>
              Save as template
            </Button>
            <Button variant="primary" className="h-8" disabled={none || make.isPending} onClick={() => make.mutate()}>
              {make.isPending ? "Reading…" : "Make it"}
            </Button>
          </div>
        </div>
      </Card>
      <Templates
        titles={new Map(sections.map(({ name, title }) => [name, title]))}
        onChoose={({ id: _, ...chosen }) => {
          save.reset();
          setPlan(chosen);
        }}
      />
    </ReportFrame>
  );
}
