"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { OnCallForm } from "#components/alerts/on-call-form.tsx";
import { peopleQuery } from "#components/alerts/queries.ts";
import {
  type OnCall,
  onCallQuery,
  useCalendarUrl,
  useOverride,
  useRemoveOnCall,
} from "#components/alerts/routing-queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

function Override({ id }: { id: number }) {
  const people = useQuery(peopleQuery).data ?? [];
  const override = useOverride(id);
  const [draft, setDraft] = useState({ userId: "", from: "", to: "" });
  const problem = problemsOf(override.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const userId = draft.userId || (people[0]?.id ?? "");
    override.mutate({ userId, startsAt: new Date(draft.from), endsAt: new Date(draft.to) });
  };
  return (
    <Form
      className="mt-3 grid items-end gap-3 border-line border-t pt-3 sm:grid-cols-[1fr_1fr_1fr_auto]"
      onSubmit={submit}
    >
      <Select
        label="Take over"
        options={people.map(({ id: value, name }) => ({ value, title: name }))}
        value={draft.userId}
        error={problem("user_id")}
        onChange={(event) => setDraft({ ...draft, userId: event.target.value })}
      />
      <Field
        label="From"
        type="datetime-local"
        required
        error={problem("starts_at")}
        value={draft.from}
        onChange={(event) => setDraft({ ...draft, from: event.target.value })}
      />
      <Field
        label="To"
        type="datetime-local"
        required
        error={problem("ends_at")}
        value={draft.to}
        onChange={(event) => setDraft({ ...draft, to: event.target.value })}
      />
      <Button type="submit" disabled={override.isPending}>
        Add override
      </Button>
    </Form>
  );
}

function Calendar({ id }: { id: number }) {
  const calendar = useCalendarUrl();
  if (calendar.data)
    return (
      <p className="text-xs">
        Subscribe to <code className="break-all">{calendar.data.url}</code>
      </p>
    );
  return (
    <Button className="h-8" disabled={calendar.isPending} onClick={() => calendar.mutate(id)}>
      Show calendar URL
    </Button>
  );
}

type ItemProps = { schedule: OnCall; mayOverride: boolean; onEdit: (() => void) | undefined };

function Item({ schedule, mayOverride, onEdit }: ItemProps) {
  const remove = useRemoveOnCall();
  const { id, name, zone, now, shifts, problem } = schedule;
  return (
    <Card>
      <CardTitle aside={zone}>{name}</CardTitle>
      <p className="mb-2 text-sm">
        {now ? (
          <>
            On call now: <span className="font-medium">{now.name}</span>
          </>
        ) : (
          <span className="text-warn">Nobody is on call now</span>
        )}
      </p>
      {problem && <Notice variant="warn" className="mb-2" title={problem} />}
      <Table columns={["Who", "From", "To"]}>
        {shifts.slice(0, 12).map(({ userId, name: person, from, to, override }) => (
          <tr key={`${userId} ${from.getTime()}`}>
            <td className="py-1.5 pr-3">
              {person} {override && <Badge>override</Badge>}
            </td>
            <td className="py-1.5 pr-3">
              <DateTime at={from} />
            </td>
            <td className="py-1.5 pr-3">
              <DateTime at={to} />
            </td>
          </tr>
        ))}
      </Table>
      {mayOverride && <Override id={id} />}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {mayOverride && <Calendar id={id} />}
        {onEdit && (
          <>
            <Button className="h-8" aria-label={`Edit ${name}`} onClick={onEdit}>
              Edit
            </Button>
            <ConfirmButton
              act="Remove schedule"
              name={`Remove ${name}`}
              question={`Remove the schedule ${name}?`}
              consequence="Channels that lead to it reach nobody any more."
              disabled={remove.isPending}
              onConfirm={() => remove.mutate(id)}
            />
          </>
        )}
      </div>
    </Card>
  );
}

/** Who is on call, now and next. */
export function OnCallSchedules({ mayOverride, mayWrite }: { mayOverride: boolean; mayWrite: boolean }) {
  const query = useQuery(onCallQuery);
  const [edited, setEdited] = useState<OnCall | "new">();
  return (
    <>
      {mayWrite && (
        <Button variant="primary" className="justify-self-start" onClick={() => setEdited("new")}>
          Create schedule
        </Button>
      )}
      <QueryView
        query={query}
        what="The on-call schedules"
        skeleton={<Skeleton className="h-40" />}
        empty={
          <Notice title="No on-call schedules yet">
            A schedule says whose turn it is. A channel of the kind "On call" sends an email to them.
          </Notice>
        }
      >
        {(schedules) =>
          schedules.map((schedule) => (
            <Item
              key={schedule.id}
              {...{ schedule, mayOverride }}
              onEdit={mayWrite ? () => setEdited(schedule) : undefined}
            />
          ))
        }
      </QueryView>
      <Dialog
        open={edited !== undefined}
        onOpenChange={() => setEdited(undefined)}
        title={edited === "new" ? "Create schedule" : "Edit schedule"}
        className="w-[min(44rem,calc(100vw-1.5rem))]"
      >
        {edited && <OnCallForm schedule={edited === "new" ? undefined : edited} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </>
  );
}
