"use client";

import { useQuery } from "@tanstack/react-query";
import { AcknowledgeButton } from "#components/alerts/attend.tsx";
import { STATE_TITLE, STATE_VARIANT } from "#components/alerts/labels.ts";
import { type Alert, alertsQuery } from "#components/alerts/queries.ts";
import { useAttending } from "#components/alerts/use-attending.tsx";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { CountBars } from "#components/charts/lazy-charts.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

function Owner({ alert }: { alert: Alert }) {
  const { acknowledgedAt, acknowledgedBy, comment, assignedTo } = alert;
  if (!acknowledgedAt || !isAcknowledged(alert, Date.now()))
    return assignedTo && <p className="text-xs">Assigned to {assignedTo}</p>;
  return (
    <p className="text-xs">
      Acknowledged by {acknowledgedBy ?? "an account that is gone"}, <DateTime at={acknowledgedAt} />
      {comment && `: ${comment}`}
    </p>
  );
}

/** Takes an alert on; there for whoever may. */
type Take = ((alert: Alert) => void) | undefined;

function Item({ alert, take }: { alert: Alert; take: Take }) {
  const { id, host, hostId, summary, rule, severity, state, startedAt, endedAt, note, runbook } = alert;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-0.5">
        <h3 className="break-words font-medium">
          <Link href={`/alerts/${id}?host=${hostId}`} className="hover:underline">
            {host}: {summary}
          </Link>
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
        {take && state === "firing" && !isAcknowledged(alert, Date.now()) && (
          <AcknowledgeButton alert={alert} onOpen={() => take(alert)} />
        )}
      </span>
    </li>
  );
}

function List({ alerts, take }: { alerts: Alert[]; take: Take }) {
  return (
    <ul className="divide-y divide-line">
      {alerts.map((alert) => (
        <Item key={`${alert.hostId} ${alert.id}`} alert={alert} take={take} />
      ))}
    </ul>
  );
}

/** What goes on, by host where several hosts have something. */
function Groups(props: { alerts: Alert[]; take: Take }) {
  const groups = [...Map.groupBy(props.alerts, ({ host }) => host)];
  if (groups.length < 2) return <List {...props} />;
  return groups.map(([host, alerts]) => (
    <section key={host} className="mt-2">
      <h3 className="figures text-muted text-xs">
        {host} · {alerts.length} {alerts.length === 1 ? "alert" : "alerts"}
      </h3>
      <List {...props} alerts={alerts} />
    </section>
  ));
}

const EXPORTED = { kind: "alerts", from: "now-30d", to: "now" } as const;

const STEP_MS = 6 * HOUR_MS;

/** How many alerts began in each quarter of a day of the past week. */
function stepsOf(alerts: Alert[]) {
  const first = Math.floor((Date.now() - 7 * DAY_MS) / STEP_MS) * STEP_MS;
  const steps = Array.from({ length: (7 * DAY_MS) / STEP_MS + 1 }, (_, n) => ({
    ...{ at: first + n * STEP_MS, info: 0, warning: 0, critical: 0 },
  }));
  for (const { startedAt, severity } of alerts) {
    const step = steps[Math.floor((startedAt.getTime() - first) / STEP_MS)];
    if (step) step[severity]++;
  }
  return steps;
}

/** What fires and waits now, and what did in the past week. */
export function Alerts({ mayAcknowledge }: { mayAcknowledge: boolean }) {
  const query = useQuery(alertsQuery("now-7d"));
  const { title, choose, dialog } = useAttending((query.data ?? []).filter(({ state }) => state === "firing"));
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
              <div ref={title} tabIndex={-1} className="outline-none">
                <CardTitle aside={<span className="figures">{going.length}</span>}>Now</CardTitle>
              </div>
              {going.length === 0 && <p className="text-muted">Nothing fires.</p>}
              <Groups alerts={going} take={mayAcknowledge ? choose : undefined} />
              {dialog}
            </Card>
            <Card>
              <CardTitle aside={<ExportDialog what="alerts" request={EXPORTED} />}>History, past 7 days</CardTitle>
              {alerts.length > 0 && (
                <CountBars title="Alerts that began in each 6 hours" steps={stepsOf(alerts)} stepMs={STEP_MS} />
              )}
              {over.length === 0 && <p className="text-muted">No alert has ended in the past 7 days.</p>}
              <List alerts={over} take={undefined} />
            </Card>
          </>
        );
      }}
    </QueryView>
  );
}
