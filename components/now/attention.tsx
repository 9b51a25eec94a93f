"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { AcknowledgeButton } from "#components/alerts/attend.tsx";
import { type Alert, firingQuery, firingText } from "#components/alerts/queries.ts";
import { useAttending } from "#components/alerts/use-attending.tsx";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { ongoingIncidentsQuery } from "#components/now/queries.ts";
import { type Trouble, troublesOf } from "#components/now/troubles.ts";
import { Age } from "#components/ui/age.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { plural } from "#lib/format/plural.ts";

/** So many stand here; all of them on the pages of alerts and anomalies. */
const SHOWN = 8;

/** Takes an alert on; there for whoever may. */
type Take = ((alert: Alert) => void) | undefined;

/** Who works on it, and how to take it on. */
function Owner({ trouble: { owner, unattended }, take }: { trouble: Trouble; take: Take }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-xs">
      {owner && <span className="truncate">{owner}</span>}
      {unattended && take && <AcknowledgeButton alert={unattended} onOpen={() => take(unattended)} />}
      {!owner && !(unattended && take) && <span className="text-muted">Nobody</span>}
    </span>
  );
}

function Item({ trouble, take }: { trouble: Trouble; take: Take }) {
  const { kind, severity, title, note, href, since } = trouble;
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 py-2 sm:grid-cols-[4.5rem_minmax(0,1fr)_8rem_4rem]">
      <span>
        <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
      </span>
      <div className="min-w-0">
        <Link
          href={href}
          title={title}
          className="line-clamp-3 break-words font-medium hover:underline sm:line-clamp-2"
        >
          {title}
        </Link>
        <p className="line-clamp-2 break-words text-muted text-xs" title={note}>
          {kind === "incident" && "Incident. "}
          {note}
        </p>
      </div>
      <span className="col-start-2 flex flex-wrap items-center justify-between gap-x-3 sm:contents">
        <Owner trouble={trouble} take={take} />
        <span className="figures text-muted text-xs sm:text-right">
          <Age at={since} />
        </span>
      </span>
    </li>
  );
}

function Calm() {
  return (
    <p className="flex items-center gap-2 py-2 text-good">
      <CircleCheck aria-hidden className="size-4 shrink-0" />
      No alert fires, and no incident goes on.
    </p>
  );
}

function Troubles({ troubles, take }: { troubles: Trouble[]; take: Take }) {
  const rest = troubles.length - SHOWN;
  return (
    <>
      <ul className="divide-y divide-line">
        {troubles.slice(0, SHOWN).map((trouble) => (
          <Item key={trouble.key} trouble={trouble} take={take} />
        ))}
      </ul>
      {rest > 0 && (
        <p className="pt-2 text-xs">
          {rest} more:{" "}
          <Link href="/alerts" className="underline">
            all alerts
          </Link>
          {", "}
          <Link href="/anomalies" className="underline">
            all incidents
          </Link>
        </p>
      )}
    </>
  );
}

function Counts({ alerts, incidents }: { alerts: number; incidents: number }) {
  return (
    <span className="figures">
      {firingText(alerts)} {alerts === 1 ? "alert" : "alerts"} · {plural(incidents, "incident")}
    </span>
  );
}

/** What is wrong now, in words, with who works on it and since when. Where the alerts or the incidents do not come, the others stand all the same. */
export function Attention({ mayAcknowledge }: { mayAcknowledge: boolean }) {
  const [alerts, incidents] = [useQuery(firingQuery), useQuery(ongoingIncidentsQuery)];
  const { title, choose, dialog } = useAttending(alerts.data ?? []);
  const troubles = troublesOf(alerts.data ?? [], incidents.data ?? []);
  const isWhole = alerts.data !== undefined && incidents.data !== undefined;
  const isWaiting = [alerts, incidents].some(({ data, isError }) => data === undefined && !isError);
  return (
    <Card>
      <div ref={title} tabIndex={-1} className="outline-none">
        <CardTitle
          aside={
            isWhole && (
              <Counts
                alerts={alerts.data.length}
                incidents={troubles.filter(({ kind }) => kind === "incident").length}
              />
            )
          }
        >
          Needs attention
        </CardTitle>
      </div>
      <QueryView query={alerts} what="The alerts" skeleton={false}>
        {() => null}
      </QueryView>
      <QueryView query={incidents} what="The incidents" skeleton={false}>
        {() => null}
      </QueryView>
      {troubles.length > 0 && <Troubles troubles={troubles} take={mayAcknowledge ? choose : undefined} />}
      {isWaiting && <Skeleton className={troubles.length > 0 ? "mt-2 h-8" : "h-24"} />}
      {isWhole && troubles.length === 0 && <Calm />}
      {dialog}
    </Card>
  );
}
