"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { choiceOf, type ReportChoice } from "#components/reports/report-library.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Field } from "#components/ui/field.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ROLE_TITLES, ROLES } from "#lib/contract/roles.ts";
import type { ScheduleInfo } from "#lib/reports/schedule.ts";

type Schedule = Wire<ScheduleInfo>;

const KEY = ["schedules"];

const TIMES = [
  { value: "0 7 * * *", title: "Daily at 7:00", days: 1 },
  { value: "0 7 * * 1", title: "Mondays at 7:00", days: 7 },
  { value: "0 7 1 * *", title: "The first of each month at 7:00", days: 30 },
  { value: "", title: "By a cron expression", days: 7 },
];

const ROLE_CHOICES = [
  { value: "", title: "Nobody else" },
  ...ROLES.map((role) => ({ value: role, title: ROLE_TITLES[role] })),
];

function LastDelivery({ deliveries }: Pick<Schedule, "deliveries">) {
  const [newest] = deliveries;
  if (!newest) return <>nothing sent yet</>;
  if (newest.sentAt) return <>last sent {formatDateTime(newest.sentAt)}</>;
  if (!newest.failure) return <>waiting for the mail server</>;
  const given = newest.failedAt ? "given up" : "will be retried";
  return (
    <span className="text-bad">
      not sent, {given}: {newest.failure}
    </span>
  );
}

type Draft = {
  name: string;
  report: string;
  time: string;
  cron: string;
  recipients: string;
  role: string;
  quiet: boolean;
};

const daysOf = ({ time }: Draft): number => TIMES.find(({ value }) => value === time)?.days ?? 7;

/** A draft as the API takes a schedule. */
const bodyOf = (draft: Draft, zone: string) => ({
  ...{ name: draft.name, ...choiceOf(draft.report), zone, quiet: draft.quiet, days: daysOf(draft) },
  cron: draft.time || draft.cron,
  recipients: draft.recipients.split(/[\s,]+/).filter(Boolean),
  roles: draft.role ? [draft.role] : [],
});

/** The message for a field, or for an item of it. */
const problemOf = (error: Error | null, field: string): string | undefined =>
  error instanceof ApiError
    ? error.problem.errors?.find((problem) => problem.field.startsWith(field))?.message
    : undefined;

function Add({ choices, onAdded }: { choices: ReportChoice[]; onAdded: (all: Schedule[]) => void }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [draft, setDraft] = useState<Draft>({
    ...{ name: "", report: choices[0]?.value ?? "", time: "0 7 * * 1", cron: "", recipients: "", role: "" },
    quiet: false,
  });
  const set = (key: keyof Draft) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [key]: event.target.value });
  const add = useMutation({
    mutationFn: () => api<Schedule[]>("/reports/schedules", { method: "POST", body: bodyOf(draft, zone) }),
    onSuccess: onAdded,
  });
  const of = (field: string) => problemOf(add.error, field);
  return (
    <form
      className="mt-4 space-y-3 border-line border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" value={draft.name} error={of("name")} onChange={set("name")} />
        <Select label="Report to send" value={draft.report} onChange={set("report")} options={choices} />
        <Select label="When" value={draft.time} onChange={set("time")} options={TIMES} />
        {draft.time === "" && (
          <Field
            label="Cron expression"
            hint="Minute hour day month weekday"
            value={draft.cron}
            error={of("cron")}
            onChange={set("cron")}
          />
        )}
        <Field
          label="Recipients"
          hint={`With commas between; times are of ${zone}`}
          value={draft.recipients}
          error={of("recipients")}
          onChange={set("recipients")}
        />
        <Select label="And everybody who is" value={draft.role} onChange={set("role")} options={ROLE_CHOICES} />
      </div>
      <Checkbox
        label="Quiet"
        hint="Send nothing when nothing was abnormal"
        checked={draft.quiet}
        onChange={(event) => setDraft({ ...draft, quiet: event.target.checked })}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" className="h-8" disabled={add.isPending}>
          Schedule it
        </Button>
        <MailPreview body={{ ...choiceOf(draft.report), from: `now-${daysOf(draft)}d` }} />
      </div>
      {add.isError && <Notice variant="bad" title={add.error.message} />}
    </form>
  );
}

/** What a schedule would send now. */
const previewOf = ({ type, templateId, hostIds, days }: Schedule) => ({
  ...{ type, templateId, from: `now-${days}d` },
  ...(templateId === null ? { hostIds } : {}),
});

/** Reports that are sent again and again. */
export function Schedules({ choices }: { choices: ReportChoice[] }) {
  const client = useQueryClient();
  const { data, error, isError, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api<Schedule[]>("/reports/schedules", { signal }),
    refetchInterval: 15_000,
  });
  const send = useMutation({
    mutationFn: (id: number) => api<{ mails: number }>(`/reports/schedules/${id}/send`, { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const remove = useMutation({
    mutationFn: (id: number) => api(`/reports/schedules/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const failed = send.error ?? remove.error;
  return (
    <Card>
      <CardTitle>Schedules</CardTitle>
      {isError && !data && <Failure what="The schedules" error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-14" />}
      {data?.length === 0 && (
        <p className="text-muted">None yet. Settings, General has the sender and the mail server.</p>
      )}
      <ul className="divide-y divide-line">
        {data?.map((one) => (
          <ListRow
            key={one.id}
            title={one.name}
            note={
              <>
                {[...one.recipients, ...one.roles].join(", ")} · next {formatDateTime(one.nextAt)} ·{" "}
                <LastDelivery deliveries={one.deliveries} />
                {one.failure && <span className="block text-bad">last run failed: {one.failure}</span>}
              </>
            }
          >
            <MailPreview body={previewOf(one)} />
            <Button className="h-8" disabled={send.isPending} onClick={() => send.mutate(one.id)}>
              Send now
            </Button>
            <Button variant="danger" className="h-8" disabled={remove.isPending} onClick={() => remove.mutate(one.id)}>
              Remove
            </Button>
          </ListRow>
        ))}
      </ul>
      {failed && <Notice variant="bad" className="mt-3" title={failed.message} />}
      <Add choices={choices} onAdded={(all) => client.setQueryData(KEY, all)} />
    </Card>
  );
}
