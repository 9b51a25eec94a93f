"use client";

import { useQuery } from "@tanstack/react-query";
import { AlertChart } from "#components/alerts/alert-charts.tsx";
import { Attend } from "#components/alerts/attend.tsx";
import { Cause } from "#components/alerts/cause.tsx";
import { STATE_TITLE, STATE_VARIANT } from "#components/alerts/labels.ts";
import { type Alert, alertQuery, causeQuery } from "#components/alerts/queries.ts";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

/** Annotations that are the title, the note and the runbook. */
const SHOWN_ELSEWHERE = ["summary", "description", "runbook_url"];

function Facts({ alert }: { alert: Alert }) {
  const {
    rule,
    series,
    labels,
    annotations,
    value,
    unit,
    rate,
    startedAt,
    firedAt,
    endedAt,
    assignedTo,
    snoozedUntil,
  } = alert;
  const rows: [string, React.ReactNode][] = [
    ["Rule", rule],
    ["Series", series || "none"],
    [
      "Labels",
      Object.entries(labels)
        .map(([name, text]) => `${name}="${text}"`)
        .join(", ") || "none",
    ],
    ...Object.entries(annotations)
      .filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
      .map(([name, text]): [string, React.ReactNode] => [name, text]),
    ["Value", value === null ? "none" : formatText(value, unit, rate)],
    ["Since", <DateTime key="since" at={startedAt} />],
    ...(firedAt ? [["Fired", <DateTime key="fired" at={firedAt} />] as [string, React.ReactNode]] : []),
    ...(endedAt ? [["Ended", <DateTime key="ended" at={endedAt} />] as [string, React.ReactNode]] : []),
    ["Assigned to", assignedTo ?? "nobody"],
    ...(snoozedUntil && snoozedUntil.getTime() > Date.now()
      ? [["Snoozed until", <DateTime key="snoozed" at={snoozedUntil} />] as [string, React.ReactNode]]
      : []),
  ];
  return (
    <dl className="figures grid grid-cols-[7rem_1fr] gap-x-3 gap-y-1.5 text-xs">
      {rows.map(([name, text]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What happened to an alert and what was done about it, in one list. */
function Activity({ alert: { transitions, events, unit, rate } }: { alert: Alert }) {
  const lines = [
    ...transitions.map(({ at, state, value }) => ({
      at,
      text: value === null ? STATE_TITLE[state] : `${STATE_TITLE[state]}, ${formatText(value, unit, rate)}`,
      by: null as string | null,
    })),
    ...events.map(({ at, by, kind, text }) => ({
      at,
      text: kind === "commented" ? text : [kind, text].filter(Boolean).join(": "),
      by: by ?? "an account that is gone",
    })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  return (
    <Card>
      <CardTitle>Activity</CardTitle>
      <ol className="divide-y divide-line text-xs">
        {lines.map(({ at, text, by }) => (
          <li key={`${at.getTime()} ${text}`} className="flex flex-wrap justify-between gap-x-4 py-1.5">
            <span className="min-w-0 break-words">
              {by && <span className="font-medium">{by} </span>}
              {text}
            </span>
            <span className="figures text-muted">
              <DateTime at={at} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** One alert: what it is, why, and what is done about it. */
export function AlertPage({ initial, mayAttend }: { initial: Alert; mayAttend: boolean }) {
  const { data: alert = initial } = useQuery({ ...alertQuery(initial), initialData: initial });
  const cause = useQuery(causeQuery(initial));
  const { host, hostId, summary, severity, state, note, runbook } = alert;
  return (
    <>
      <Link href="/alerts" className="text-accent text-xs hover:underline">
        Alerts
      </Link>
      <PageTitle
        note={
          <span className="inline-flex flex-wrap items-center gap-1.5">
            <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
            <Badge variant={STATE_VARIANT[state]}>{STATE_TITLE[state]}</Badge>
            <Link href={`/hosts/${hostId}`} className="hover:underline">
              {host}
            </Link>
          </span>
        }
      >
        {host}: {summary}
      </PageTitle>
      <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
        <div className="grid min-w-0 gap-3">
          <AlertChart alert={alert} level={cause.data?.levels?.level} />
          <QueryView query={cause} what="The cause" skeleton={<Skeleton className="h-40" />}>
            {(found) => <Cause alert={alert} cause={found} />}
          </QueryView>
        </div>
        <div className="grid min-w-0 gap-3">
          <Card>
            <CardTitle>Alert</CardTitle>
            <Facts alert={alert} />
            {note && <p className="mt-3 whitespace-pre-wrap break-words text-xs">{note}</p>}
            {runbook && (
              <a
                href={runbook}
                className="mt-1 block break-all text-accent text-xs underline"
                rel="noreferrer"
                target="_blank"
              >
                {runbook}
              </a>
            )}
          </Card>
          {mayAttend && (
            <Card>
              <CardTitle>What you do about it</CardTitle>
              <Attend alert={alert} />
            </Card>
          )}
          <Activity alert={alert} />
        </div>
      </div>
    </>
  );
}
