import { firstChange, formatDuration } from "#components/anomalies/labels.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** Incidents as rows: what contributes most to each, and what changed first. */
export function IncidentList({ incidents }: { incidents: Incident[] }) {
  return (
    <ul className="divide-y divide-line">
      {incidents.map((incident) => (
        <li key={`${incident.hostId} ${incident.id}`}>
          <Link
            href={`/anomalies/incidents/${incident.id}?host=${incident.hostId}`}
            className="grid gap-x-4 gap-y-0.5 rounded px-1 py-2.5 hover:bg-raised md:grid-cols-[11rem_minmax(0,1fr)_auto]"
          >
            <span className="figures text-muted text-xs">
              <DateTime at={incident.startedAt} /> ·{" "}
              {formatDuration({ from: incident.startedAt, to: incident.endedAt, lastAt: incident.lastAt })}
            </span>
            <span className="min-w-0">
              <span className="block truncate font-medium">{incident.title}</span>
              <span className="figures block text-muted text-xs">{firstChange(incident)}</span>
            </span>
            <StatusBadges severity={incident.severity} status={incident.status} reviewed={incident.reviewed} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
