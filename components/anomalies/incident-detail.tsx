"use client";

import Link from "next/link";
import { useState } from "react";
import { formatDuration, STATUS_TITLE } from "#components/anomalies/labels.ts";
import { ScoreChart } from "#components/anomalies/score-chart.tsx";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { StatusForm } from "#components/anomalies/status-form.tsx";
import type { Incident } from "#components/anomalies/types.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const CHARTS = 4;

/** An incident's anomalies, all of which began within it. */
const membersOf = ({ hostId, id, startedAt, lastAt }: Incident): ExportRequest => ({
  ...{ kind: "anomalies", host: hostId, incident: id },
  from: String(Date.parse(startedAt) - HOUR_MS),
  to: String(Date.parse(lastAt) + HOUR_MS),
});

function onset(startedAt: string, detectedAt: string): string {
  const minutes = Math.round((new Date(detectedAt).getTime() - new Date(startedAt).getTime()) / MINUTE_MS);
  return minutes === 0 ? "at once" : `+${minutes} min`;
}

function Contributions({ incident: { hostId, startedAt, anomalies } }: { incident: Incident }) {
  return (
    <ul className="divide-y divide-line">
      {anomalies.map((anomaly) => (
        <li key={anomaly.id} className="py-2">
          <div className="flex flex-wrap items-baseline gap-x-3">
            <Link
              href={`/anomalies/${anomaly.id}?host=${hostId}`}
              className="min-w-0 truncate font-medium hover:underline"
            >
              {anomaly.series}
            </Link>
            <span className="figures text-muted text-xs">
              {anomaly.order === 1 ? "moved first" : `moved ${anomaly.order}.`}, {onset(startedAt, anomaly.detectedAt)}
            </span>
            <span className="figures ml-auto text-xs">{Math.round(anomaly.contribution * 100)} %</span>
          </div>
          <div aria-hidden className="mt-1 h-1 rounded bg-raised">
            <div className="h-1 rounded bg-accent" style={{ width: `${anomaly.contribution * 100}%` }} />
          </div>
          <p className="figures mt-1 text-muted text-xs">{anomaly.reason}</p>
        </li>
      ))}
    </ul>
  );
}

/** One incident: which metrics, how much each contributes, and in what order they moved. */
export function IncidentDetail({ incident: initial, decides }: { incident: Incident; decides: boolean }) {
  const [incident, setIncident] = useState(initial);
  const { hostId, startedAt, endedAt, anomalies, severity, status } = incident;
  return (
    <>
      <PageTitle
        note={`${incident.host} · ${formatDateTime(startedAt)} · ${formatDuration(startedAt, endedAt)}`}
        aside={
          <span className="flex items-center gap-3">
            <ExportDialog what={`incident ${incident.id}`} request={membersOf(incident)} />
            <StatusBadges severity={severity} status={status} />
          </span>
        }
      >
        Incident {incident.id}
      </PageTitle>
      <div className="mb-3 grid gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card>
          <CardTitle aside="by contribution">What moved</CardTitle>
          <Contributions incident={incident} />
        </Card>
        <Card>
          <CardTitle>{STATUS_TITLE[status]}</CardTitle>
          {decides ? (
            <StatusForm<Incident>
              path={`/incidents/${incident.id}?host=${hostId}`}
              status={status}
              onDecided={setIncident}
            />
          ) : (
            <p className="text-muted">Administrators, operators and engineers decide on incidents.</p>
          )}
        </Card>
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {anomalies.slice(0, CHARTS).map((one) => (
          <ScoreChart
            key={one.id}
            hostId={hostId}
            id={one.id}
            title={one.series}
            scored={false}
            marked={{ from: new Date(one.detectedAt).getTime(), to: new Date(one.lastAt).getTime() }}
          />
        ))}
      </div>
    </>
  );
}
