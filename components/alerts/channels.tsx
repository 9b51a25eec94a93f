"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ChannelForm } from "#components/alerts/channel-form.tsx";
import { KIND_TITLE, leastTitle } from "#components/alerts/labels.ts";
import {
  type Channel,
  channelsQuery,
  useRemoveChannel,
  useRetryChannel,
  useTestChannel,
} from "#components/alerts/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

type Delivery = Channel["deliveries"][number];

function Outcome({ delivery: { sentAt, failedAt, failure, held } }: { delivery: Delivery }) {
  if (sentAt && !failure)
    return (
      <>
        sent <DateTime at={sentAt} />
      </>
    );
  if (sentAt) return <>not sent: {failure}</>;
  if (!failure) return <>{held ?? "waiting"}</>;
  return (
    <span className="text-bad">
      {failedAt ? "given up" : "will be retried"}: {failure}
    </span>
  );
}

function Deliveries({ deliveries }: Pick<Channel, "deliveries">) {
  if (deliveries.length === 0) return <p className="text-muted text-xs">Nothing sent yet.</p>;
  return (
    <details>
      <summary className="cursor-pointer text-muted text-xs">Latest deliveries: {deliveries.length}</summary>
      <ul className="mt-1 space-y-1 text-xs">
        {deliveries.map((delivery) => (
          <li
            key={`${delivery.hostId} ${delivery.alertId} ${delivery.state} ${delivery.at.getTime()} ${delivery.attempts}`}
            className="break-words"
          >
            {delivery.state} · {delivery.host}: {delivery.summary} · <Outcome delivery={delivery} />
            {delivery.tries.length > 1 && (
              <ol className="figures pl-4 text-muted">
                {delivery.tries.map(({ at, failure }) => (
                  <li key={at.getTime()}>
                    <DateTime at={at} />: {failure ?? "taken"}
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

type ButtonsProps = {
  channel: Channel;
  onEdit: () => void;
  remove: ReturnType<typeof useRemoveChannel>;
  test: ReturnType<typeof useTestChannel>;
  retry: ReturnType<typeof useRetryChannel>;
};

function Buttons({ channel: { id, name, deliveries }, onEdit, remove, test, retry }: ButtonsProps) {
  return (
    <span className="flex flex-wrap gap-2">
      <Button
        className="h-8"
        aria-label={`Send a test to ${name}`}
        disabled={test.isPending}
        onClick={() => test.mutate(id)}
      >
        {test.isPending ? "Sending…" : "Send test"}
      </Button>
      {deliveries.some(({ failedAt, sentAt }) => failedAt && !sentAt) && (
        <Button
          className="h-8"
          aria-label={`Send again what ${name} was given up with`}
          disabled={retry.isPending}
          onClick={() => retry.mutate(id)}
        >
          Send again
        </Button>
      )}
      <Button className="h-8" aria-label={`Edit ${name}`} onClick={onEdit}>
        Edit
      </Button>
      <ConfirmButton
        act="Remove channel"
        name={`Remove ${name}`}
        question={`Remove the channel ${name}?`}
        consequence="It sends nothing any more, and its delivery log is gone. This cannot be undone."
        disabled={remove.isPending}
        onConfirm={() => remove.mutate(id)}
      />
    </span>
  );
}

function Item({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const { name, kind, enabled, minSeverity, deliveries } = channel;
  const [remove, test, retry] = [useRemoveChannel(), useTestChannel(), useRetryChannel()];
  const failed = remove.error ?? test.error ?? retry.error;
  return (
    <li className="space-y-1 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-1.5 font-medium">
            <span className="break-words">{name}</span>
            {!enabled && <Badge>off</Badge>}
          </h3>
          <p className="text-muted text-xs">
            {KIND_TITLE[kind]} · {leastTitle(minSeverity)}
          </p>
        </div>
        <Buttons {...{ channel, onEdit, remove, test, retry }} />
      </div>
      {test.isSuccess && (
        <p role="status" className="text-good text-xs">
          The test was taken.
        </p>
      )}
      {failed && (
        <p role="alert" className="break-words text-bad text-xs">
          {failed.message}
        </p>
      )}
      <Deliveries deliveries={deliveries} />
    </li>
  );
}

/** Where notifications of alerts go. */
export function Channels() {
  const query = useQuery(channelsQuery);
  const [edited, setEdited] = useState<Channel | "new">();
  return (
    <Card>
      <CardTitle
        aside={
          <Button variant="primary" className="h-8" onClick={() => setEdited("new")}>
            Create channel
          </Button>
        }
      >
        Notification channels
      </CardTitle>
      <QueryView
        query={query}
        what="The channels"
        skeleton={<Skeleton className="h-40" />}
        empty={
          <Notice title="No channels yet">
            Alerts stand on this page only. Create a channel to be notified of them.
          </Notice>
        }
      >
        {(channels) => (
          <ul className="divide-y divide-line">
            {channels.map((channel) => (
              <Item key={channel.id} channel={channel} onEdit={() => setEdited(channel)} />
            ))}
          </ul>
        )}
      </QueryView>
      <Dialog
        open={edited !== undefined}
        onOpenChange={() => setEdited(undefined)}
        title={edited === "new" ? "Create channel" : "Edit channel"}
      >
        {edited && <ChannelForm channel={edited === "new" ? undefined : edited} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </Card>
  );
}
