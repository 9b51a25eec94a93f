"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, call } from "#components/layout/api.ts";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { type ScheduleRequest, schedulesQuery } from "#components/reports/queries.ts";
import { type ReportChoice, toReportType } from "#components/reports/report-library.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";
import { ROLE_TITLES, ROLES, type Role } from "#lib/contract/roles.ts";

const TIMES = [
  { value: "0 7 * * *", title: "Daily at 7:00", days: 1 },
  { value: "0 7 * * 1", title: "Mondays at 7:00", days: 7 },
  { value: "0 7 1 * *", title: "First day of the month at 7:00", days: 30 },
  { value: "", title: "Cron expression", days: 7 },
];

const ROLE_CHOICES = [
  { value: "", title: "Nobody else" },
  ...ROLES.map((role) => ({ value: role, title: ROLE_TITLES[role] })),
];

type Draft = {
  name: string;
  report: string;
  time: string;
  cron: string;
  recipients: string;
  role: Role | "";
  quiet: boolean;
};

const daysOf = ({ time }: Draft): number => TIMES.find(({ value }) => value === time)?.days ?? 7;

const toRequest = (draft: Draft, zone: string): ScheduleRequest => ({
  ...{ name: draft.name, ...toReportType(draft.report), zone, quiet: draft.quiet, days: daysOf(draft) },
  cron: draft.time || draft.cron,
  recipients: draft.recipients.split(/[\s,]+/).filter(Boolean),
  roles: draft.role ? [draft.role] : [],
});

/** The message for a field, or for an item of it. */
const problemOf = (error: Error | null, field: string): string | undefined =>
  error instanceof ApiError
    ? error.problem.errors?.find((problem) => problem.field.startsWith(field))?.message
    : undefined;

type FieldsProps = {
  draft: Draft;
  choices: ReportChoice[];
  zone: string;
  error: Error | null;
  onChange: (part: Partial<Draft>) => void;
};

function Fields({ draft, choices, zone, error, onChange }: FieldsProps) {
  const bind = (key: "name" | "report" | "time" | "cron" | "recipients") => ({
    value: draft[key],
    onChange: (event: { target: { value: string } }) => onChange({ [key]: event.target.value }),
  });
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Name" error={problemOf(error, "name")} {...bind("name")} />
      <Select label="Report" options={choices} {...bind("report")} />
      <Select label="Frequency" options={TIMES} {...bind("time")} />
      {draft.time === "" && (
        <Field
          label="Cron expression"
          hint="Minute, hour, day of month, month, day of week"
          error={problemOf(error, "cron")}
          {...bind("cron")}
        />
      )}
      <Field
        label="Recipients"
        hint={`Separated by commas. Times are in ${zone}`}
        error={problemOf(error, "recipients")}
        {...bind("recipients")}
      />
      <Select
        label="Also send to everyone with the role"
        value={draft.role}
        onChange={(event) => onChange({ role: event.target.value as Role | "" })}
        options={ROLE_CHOICES}
      />
    </div>
  );
}

/** Adds a schedule. */
export function ScheduleForm({ choices }: { choices: ReportChoice[] }) {
  const client = useQueryClient();
  const { zone } = useTimeFormat().style;
  const [draft, setDraft] = useState<Draft>({
    ...{ name: "", report: choices[0]?.value ?? "", time: "0 7 * * 1", cron: "", recipients: "", role: "" },
    quiet: false,
  });
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const add = useMutation({
    mutationFn: () => call(contract.schedules.create, { body: toRequest(draft, zone) }),
    onSuccess: (schedules) => client.setQueryData(schedulesQuery.queryKey, schedules),
  });
  return (
    <Form
      className="mt-4 space-y-3 border-line border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Fields {...{ draft, choices, zone }} error={add.error} onChange={change} />
      <Checkbox
        label="Skip when nothing is unusual"
        hint="Sends no email for a period without anomalies"
        checked={draft.quiet}
        onChange={(event) => change({ quiet: event.target.checked })}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" className="h-8" disabled={add.isPending}>
          Create schedule
        </Button>
        <MailPreview request={{ ...toReportType(draft.report), from: `now-${daysOf(draft)}d` }} />
      </div>
      {add.isError && <Notice variant="bad" title={add.error.message} />}
    </Form>
  );
}
