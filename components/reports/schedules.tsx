"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { MailPreview } from "#components/reports/mail-preview.tsx";
import { type ReportRequest, type Schedule, schedulesQuery } from "#components/reports/queries.ts";
import type { ReportChoice } from "#components/reports/report-library.tsx";
import { ScheduleForm } from "#components/reports/schedule-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { contract } from "#lib/contract/index.ts";

function LastDelivery({ deliveries }: Pick<Schedule, "deliveries">) {
  const [newest] = deliveries;
  if (!newest) return <>nothing sent yet</>;
  if (newest.sentAt) return <>last sent {formatDateTime(newest.sentAt)}</>;
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
          {[...recipients, ...roles].join(", ")} · next {formatDateTime(nextAt)} ·{" "}
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
      <MailPreview request={previewRequest(schedule)} />
      <Button className="h-8" disabled={send.isPending} onClick={() => send.mutate()}>
        Send now
      </Button>
      <Button variant="danger" className="h-8" disabled={remove.isPending} onClick={() => remove.mutate()}>
        Remove
      </Button>
    </ListRow>
  );
}

/** Reports that are created and sent regularly. */
export function Schedules({ choices }: { choices: ReportChoice[] }) {
  const query = useQuery(schedulesQuery);
  return (
    <Card>
      <CardTitle>Schedules</CardTitle>
      <QueryView
        query={query}
        what="The schedules"
        skeleton={<Skeleton className="h-14" />}
        empty={
          <Notice title="No schedules yet">
            Add one below. The sender and the mail server are in Settings, General.
          </Notice>
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
      <ScheduleForm choices={choices} />
    </Card>
  );
}
