import Link from "next/link";
import { formatDuration } from "#components/anomalies/labels.ts";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import type { Incident } from "#components/anomalies/types.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";

const SHOWN = 4;

/** Incidents as rows: what weighs most in each, and what moved first. */
export function IncidentList({ incidents }: { incidents: Incident[] }) {
  return (
    <ul className="divide-y divide-line">
      {incidents.map((one) => {
        const first = one.anomalies.find(({ order }) => order === 1);
        return (
          <li key={`${one.hostId} ${one.id}`}>
            <Link
              href={`/anomalies/incidents/${one.id}?host=${one.hostId}`}
              className="grid gap-x-4 gap-y-0.5 rounded px-1 py-2.5 hover:bg-raised md:grid-cols-[11rem_minmax(0,1fr)_auto]"
            >
              <span className="figures text-muted text-xs">
                {formatDateTime(one.startedAt)} · {formatDuration(one.startedAt, one.endedAt)}
              </span>
              <span className="min-w-0">
                <span className="block truncate font-medium">
                  {one.host}:{" "}
                  {one.anomalies
                    .slice(0, SHOWN)
                    .map(({ series }) => series)
                    .join(", ")}
                  {one.anomalies.length > SHOWN && ` and ${one.anomalies.length - SHOWN} more`}
                </span>
                <span className="figures block text-muted text-xs">
                  {first && one.anomalies.length > 1 ? `${first.series} moved first: ` : ""}
                  {first?.reason}
                </span>
              </span>
              <StatusBadges severity={one.severity} status={one.status} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
