"use client";

import { useQuery } from "@tanstack/react-query";
import { formatDuration } from "#components/anomalies/labels.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { CHARTS_AT_ONCE } from "#components/anomalies/queries.ts";
import { ScoreChart } from "#components/anomalies/score-chart.tsx";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { GuideCards } from "#components/incidents/guide-card.tsx";
import { MetricsCard } from "#components/incidents/metrics-card.tsx";
import { type Me, OwnerCard } from "#components/incidents/owner-card.tsx";
import { PostMortemCard } from "#components/incidents/post-mortem-card.tsx";
import { incidentQuery } from "#components/incidents/queries.ts";
import { SimilarCard } from "#components/incidents/similar-card.tsx";
import { TimelineCard } from "#components/incidents/timeline-card.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** An incident's anomalies, all of which started within it. */
const exportRequest = ({ hostId, id, startedAt, lastAt }: Incident): ExportRequest => ({
  ...{ kind: "anomalies", host: hostId, incident: id },
  from: String(startedAt.getTime() - HOUR_MS),
  to: String(lastAt.getTime() + HOUR_MS),
});

function Head({ incident }: { incident: Incident }) {
  const { id, hostId, host, title, startedAt, endedAt, lastAt, severity, status, reviewed } = incident;
  return (
    <>
      <Link href="/anomalies" className="text-accent text-xs hover:underline">
        Anomalies
      </Link>
      <PageTitle
        note={
          <span className="figures inline-flex flex-wrap items-center gap-x-2 gap-y-1">
            <StatusBadges {...{ severity, status, reviewed }} />
            <span>
              since <DateTime at={startedAt} /> · {formatDuration({ from: startedAt, to: endedAt, lastAt })}
              {endedAt && ", over"}
            </span>
            <Link href={`/hosts/${hostId}`} className="text-accent hover:underline">
              {host}
            </Link>
            <span>Incident {id}</span>
          </span>
        }
        aside={<ExportDialog what={`incident ${id}`} request={exportRequest(incident)} />}
      >
        {title}
      </PageTitle>
    </>
  );
}

function Charts({ incident: { anomalies } }: { incident: Incident }) {
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      {anomalies.slice(0, CHARTS_AT_ONCE).map((anomaly) => (
        <ScoreChart key={anomaly.id} anomaly={anomaly} title={seriesTitle(anomaly.series)} scored={false} />
      ))}
    </div>
  );
}

/** An incident: what is wrong, who has it, why, and what to do; then how it went, what moved, what was like it, and what was learned. */
export function IncidentPage({ incident: initial, me }: { incident: Incident; me: Me | undefined }) {
  const { data: incident } = useQuery({ ...incidentQuery(initial), initialData: initial });
  return (
    <>
      <Head incident={incident} />
      <div className="grid gap-3">
        <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-3">
            <GuideCards which={initial} />
          </div>
          <OwnerCard incident={incident} me={me} />
        </div>
        <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <TimelineCard which={initial} mayComment={me !== undefined} />
          <MetricsCard incident={incident} />
        </div>
        <Charts incident={incident} />
        <SimilarCard which={initial} />
        <PostMortemCard which={initial} mayWrite={me !== undefined} />
      </div>
    </>
  );
}
