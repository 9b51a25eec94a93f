"use client";

import { useState } from "react";
import { formatDuration, STATUS_TITLE } from "#components/anomalies/labels.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { ScoreChart } from "#components/anomalies/score-chart.tsx";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { StatusForm } from "#components/anomalies/status-form.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { call } from "#components/layout/api.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import * as contract from "#lib/contract/index.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const CHARTS = 4;

/** An incident's anomalies, all of which started within it. */
const exportRequest = ({ hostId, id, startedAt, lastAt }: Incident): ExportRequest => ({
  ...{ kind: "anomalies", host: hostId, incident: id },
  from: String(startedAt.getTime() - HOUR_MS),
  to: String(lastAt.getTime() + HOUR_MS),
});

/** How long after the incident's start an anomaly began. */
function onset(startedAt: Date, { order, detectedAt }: Incident["anomalies"][number]): string {
  const minutes = Math.round((detectedAt.getTime() - startedAt.getTime()) / MINUTE_MS);
  return order === 1 ? "first" : `+${minutes} min`;
}

function Contributions({ incident: { hostId, startedAt, anomalies } }: { incident: Incident }) {
  return (
    <ul className="divide-y divide-line">
      {anomalies.map((anomaly) => (
        <li key={anomaly.id} className="py-2">
          <div className="flex flex-wrap items-baseline gap-x-3">
            <Link
              href={`/anomalies/${anomaly.id}?host=${hostId}`}
              title={anomaly.series}
              className="min-w-0 truncate font-medium hover:underline"
            >
              {seriesTitle(anomaly.series)}
            </Link>
            <span className="figures text-muted text-xs">{onset(startedAt, anomaly)}</span>
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

type StatusProps = { incident: Incident; mayDecide: boolean; onSaved: (saved: Incident) => void };

function StatusCard({ incident: { id, hostId, status, endedAt, reviewed }, mayDecide, onSaved }: StatusProps) {
  return (
    <Card>
      <CardTitle>Status: {STATUS_TITLE[status]}</CardTitle>
      {mayDecide ? (
        <StatusForm
          subject="incident"
          status={status}
          ended={endedAt !== null}
          reviewed={reviewed}
          save={(body) => call(contract.incidents.update, { params: { id }, query: { host: hostId }, body })}
          onSaved={onSaved}
        />
      ) : (
        <p className="text-muted">Administrators, operators and engineers set the status of incidents.</p>
      )}
    </Card>
  );
}

/** An incident: which metrics it consists of, how much each contributes, and in what order they changed. */
export function IncidentDetail({ incident: initial, mayDecide }: { incident: Incident; mayDecide: boolean }) {
  const [incident, setIncident] = useState(initial);
  const { hostId, id, startedAt, endedAt, anomalies, severity, status } = incident;
  return (
    <>
      <PageTitle
        note={
          <>
            Incident {id} · since <DateTime at={startedAt} /> ·{" "}
            {formatDuration({ from: startedAt, to: endedAt, lastAt: incident.lastAt })}
          </>
        }
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <ExportDialog what={`incident ${id}`} request={exportRequest(incident)} />
            <StatusBadges severity={severity} status={status} reviewed={incident.reviewed} />
          </span>
        }
      >
        {incident.title}
      </PageTitle>
      <div className="mb-3 grid gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card>
          <CardTitle aside="by contribution">Metrics that changed</CardTitle>
          <Contributions incident={incident} />
        </Card>
        <StatusCard incident={incident} mayDecide={mayDecide} onSaved={setIncident} />
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {anomalies.slice(0, CHARTS).map((anomaly) => (
          <ScoreChart
            key={anomaly.id}
            hostId={hostId}
            id={anomaly.id}
            title={seriesTitle(anomaly.series)}
            scored={false}
            marked={{ from: anomaly.detectedAt.getTime(), to: anomaly.lastAt.getTime() }}
          />
        ))}
      </div>
    </>
  );
}
