"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Acknowledge } from "#components/alerts/attend.tsx";
import { type Alert, firingQuery } from "#components/alerts/queries.ts";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { recentIncidentsQuery } from "#components/now/queries.ts";
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

/** In place of who works on it; an alert can be taken on at once. */
function Unattended({ alert }: { alert: Alert | undefined }) {
  if (alert) return <Acknowledge alert={alert} />;
  return <span className="text-muted text-xs">Nobody</span>;
}

function Item({ trouble, mayAcknowledge }: { trouble: Trouble; mayAcknowledge: boolean }) {
  const { kind, severity, title, note, href, since, owner, alert } = trouble;
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 py-2 sm:grid-cols-[4.5rem_minmax(0,1fr)_8rem_4rem]">
      <span>
        <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
      </span>
      <div className="min-w-0">
        <Link href={href} className="block break-words font-medium hover:underline sm:truncate">
          {title}
        </Link>
        <p className="text-muted text-xs sm:truncate">
          {kind === "incident" && "Incident. "}
          {note}
        </p>
      </div>
      <span className="col-start-2 flex flex-wrap items-center justify-between gap-x-3 text-xs sm:contents">
        {owner ? (
          <span className="truncate text-xs">{owner}</span>
        ) : (
          <Unattended alert={mayAcknowledge ? alert : undefined} />
        )}
        <span className="figures text-muted sm:text-right">
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

function Troubles({ troubles, mayAcknowledge }: { troubles: Trouble[]; mayAcknowledge: boolean }) {
  if (troubles.length === 0) return <Calm />;
  const rest = troubles.length - SHOWN;
  return (
    <>
      <ul className="divide-y divide-line">
        {troubles.slice(0, SHOWN).map((trouble) => (
          <Item key={trouble.key} trouble={trouble} mayAcknowledge={mayAcknowledge} />
        ))}
      </ul>
      {rest > 0 && (
        <p className="pt-2 text-xs">
          {rest} more:{" "}
          <Link href="/alerts" className="underline">
            all alerts
          </Link>
          {", "}
          <Link href="/anomalies/incidents" className="underline">
            all incidents
          </Link>
        </p>
      )}
    </>
  );
}

/** What is wrong now, in words, with who works on it and since when. */
export function Attention({ mayAcknowledge }: { mayAcknowledge: boolean }) {
  const [alerts, incidents] = [useQuery(firingQuery), useQuery(recentIncidentsQuery)];
  const troubles = troublesOf(alerts.data ?? [], incidents.data ?? []);
  const skeleton = <Skeleton className="h-24" />;
  return (
    <Card>
      <CardTitle aside={alerts.data && incidents.data && <Counts troubles={troubles} />}>Needs attention</CardTitle>
      <QueryView query={alerts} what="The alerts" skeleton={skeleton}>
        {() => (
          <QueryView query={incidents} what="The incidents" skeleton={skeleton}>
            {() => <Troubles troubles={troubles} mayAcknowledge={mayAcknowledge} />}
          </QueryView>
        )}
      </QueryView>
    </Card>
  );
}

function Counts({ troubles }: { troubles: Trouble[] }) {
  const count = (kind: Trouble["kind"]) => troubles.filter((trouble) => trouble.kind === kind).length;
  return (
    <span className="figures">
      {plural(count("alert"), "alert")} · {plural(count("incident"), "incident")}
    </span>
  );
}
