"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { type ReportRequest, type Schedule, schedulesQuery } from "#components/reports/queries.ts";
import type { ReportChoice } from "#components/reports/report-library.tsx";
import { ScheduleForm } from "#components/reports/schedule-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Link } from "#components/ui/link.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";

function LastDelivery({ deliveries }: Pick<Schedule, "deliveries">) {
  const [newest] = deliveries;
  if (!newest) return <>nothing sent yet</>;
  if (newest.sentAt)
    return (
      <>
        last sent <DateTime at={newest.sentAt} />
      </>
    );
  if (!newest.failure) return <>waiting for the mail server</>;
  return (
    <span className="text-bad">
      {newest.failedAt ? "not sent, given up" : "not sent, will be retried"}: {newest.failure}
    </span>
  );
}

/** What a schedule would send now. */
const previewRequest = ({ type, templateId, hostIds, days }: Schedule): ReportRequest => ({
  ...{ type, templateId, from: `now-${days}d` },
  ...(templateId === null ? { hostIds } : {}),
});

function Item({ schedule }: { schedule: Schedule }) {
  const { id, name, recipients, roles, nextAt, deliveries, failure } = schedule;
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: schedulesQuery.queryKey });
  const send = useMutation({
    mutationFn: () => call(contract.schedules.send, { params: { id } }),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => call(contract.schedules.remove, { params: { id } }),
    onSuccess: refresh,
  });
  const failed = send.error ?? remove.error;
  return (
    <ListRow
      title={name}
      note={
        <>
          {[...recipients, ...roles].join(", ")} · next <DateTime at={nextAt} /> ·{" "}
          <LastDelivery deliveries={deliveries} />
          {failure && <span className="block text-bad">Last run failed: {failure}</span>}
          {failed && (
            <span role="alert" className="block text-bad">
              {failed.message}
            </span>
          )}
        </>
      }
    >
      <MailPreview request={previewRequest(schedule)} zone={schedule.zone} />
      <Button className="h-8" disabled={send.isPending} onClick={() => send.mutate()}>
        Send now
      </Button>
      <ConfirmButton
        act="Remove schedule"
        question={`Remove the schedule ${name}?`}
        consequence="No more reports are created and sent by it. Reports that were created stay."
        disabled={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </ListRow>
  );
}

/** Reports that are created and sent regularly. */
export function Schedules({ choices, mailSet }: { choices: ReportChoice[]; mailSet: boolean }) {
  const query = useQuery(schedulesQuery);
  return (
    <Card>
      <CardTitle>Schedules</CardTitle>
      {!mailSet && (
        <Notice variant="warn" className="mb-3" title="No mail server is set: schedules cannot send anything">
          An administrator sets the server and the sender in{" "}
          <Link href="/settings" className="underline">
            Settings, General
          </Link>
          .
        </Notice>
      )}
      <QueryView
        query={query}
        what="The schedules"
        skeleton={<Skeleton className="h-14" />}
        empty={
          <p className="text-muted text-xs">
            {mailSet ? "No schedules yet. Create the first below." : "No schedules yet."}
          </p>
        }
      >
        {(schedules) => (
          <ul className="divide-y divide-line">
            {schedules.map((schedule) => (
              <Item key={schedule.id} schedule={schedule} />
            ))}
          </ul>
        )}
      </QueryView>
      {mailSet && <ScheduleForm choices={choices} />}
    </Card>
  );
}
