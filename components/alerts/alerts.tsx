"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { STATE_TITLE, STATE_VARIANT } from "#components/alerts/labels.ts";
import { type Alert, alertsQuery, useAcknowledge } from "#components/alerts/queries.ts";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

function Acknowledge({ alert: { id, hostId, host, summary } }: { alert: Alert }) {
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const acknowledge = useAcknowledge();
  return (
    <>
      <Button className="h-8" aria-label={`Acknowledge ${host}: ${summary}`} onClick={() => setOpen(true)}>
        Acknowledge
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Acknowledge alert" note={`${host}: ${summary}`}>
        <Field
          label="Comment (optional)"
          hint="What you know, and what you do about it"
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        {acknowledge.isError && <Notice variant="bad" className="mt-3" title={acknowledge.error.message} />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button
            variant="primary"
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate({ id, hostId, comment }, { onSuccess: () => setOpen(false) })}
          >
            Acknowledge alert
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function Owner({ alert: { acknowledgedAt, acknowledgedBy, comment } }: { alert: Alert }) {
  if (!acknowledgedAt) return null;
  return (
    <p className="text-xs">
      Acknowledged by {acknowledgedBy ?? "an account that is gone"}, <DateTime at={acknowledgedAt} />
      {comment && `: ${comment}`}
    </p>
  );
}

function Item({ alert, mayAcknowledge }: { alert: Alert; mayAcknowledge: boolean }) {
  const { host, hostId, summary, rule, severity, state, startedAt, endedAt, note, runbook } = alert;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-0.5">
        <h3 className="break-words font-medium">
          <Link href={`/hosts/${hostId}`} className="hover:underline">
            {host}
          </Link>
          : {summary}
        </h3>
        <p className="figures text-muted text-xs">
          {rule} · since <DateTime at={startedAt} />
          {endedAt && (
            <>
              {" to "}
              <DateTime at={endedAt} />
            </>
          )}
        </p>
        {note && !endedAt && <p className="break-words text-xs">{note}</p>}
        {runbook && !endedAt && (
          <a href={runbook} className="break-all text-accent text-xs underline" rel="noreferrer" target="_blank">
            {runbook}
          </a>
        )}
        <Owner alert={alert} />
      </div>
      <span className="flex flex-wrap items-center gap-1.5">
        <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
        <Badge variant={STATE_VARIANT[state]}>{STATE_TITLE[state]}</Badge>
        {mayAcknowledge && state === "firing" && !alert.acknowledgedAt && <Acknowledge alert={alert} />}
      </span>
    </li>
  );
}

function List({ alerts, mayAcknowledge }: { alerts: Alert[]; mayAcknowledge: boolean }) {
  return (
    <ul className="divide-y divide-line">
      {alerts.map((alert) => (
        <Item key={`${alert.hostId} ${alert.id}`} alert={alert} mayAcknowledge={mayAcknowledge} />
      ))}
    </ul>
  );
}

/** What fires and waits now, and what did in the past week. */
export function Alerts({ mayAcknowledge }: { mayAcknowledge: boolean }) {
  const query = useQuery(alertsQuery("now-7d"));
  return (
    <QueryView
      query={query}
      what="The alerts"
      skeleton={<Skeleton className="h-64" />}
      empty={
        <Notice title="No alerts in the past 7 days">
          Rules say what an alert is:{" "}
          <Link href="/alerts/rules" className="underline">
            see the rules
          </Link>
          .
        </Notice>
      }
    >
      {(alerts) => {
        const going = alerts.filter(({ endedAt }) => endedAt === null);
        const over = alerts.filter(({ endedAt }) => endedAt !== null);
        return (
          <>
            <Card>
              <CardTitle aside={<span className="figures">{going.length}</span>}>Now</CardTitle>
              {going.length === 0 && <p className="text-muted">Nothing fires.</p>}
              <List alerts={going} mayAcknowledge={mayAcknowledge} />
            </Card>
            <Card>
              <CardTitle aside="past 7 days">History</CardTitle>
              {over.length === 0 && <p className="text-muted">No alert has ended in the past 7 days.</p>}
              <List alerts={over} mayAcknowledge={false} />
            </Card>
          </>
        );
      }}
    </QueryView>
  );
}
