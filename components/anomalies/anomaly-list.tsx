import Link from "next/link";
import { formatDuration } from "#components/anomalies/labels.ts";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import type { Anomaly } from "#components/anomalies/types.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";

/** Anomalies as rows, newest first. */
export function AnomalyList({ anomalies }: { anomalies: Anomaly[] }) {
  return (
    <ul className="divide-y divide-line">
      {anomalies.map((one) => (
        <li key={`${one.hostId} ${one.id}`}>
          <Link
            href={`/anomalies/${one.id}?host=${one.hostId}`}
            className="grid gap-x-4 gap-y-0.5 rounded px-1 py-2.5 hover:bg-raised md:grid-cols-[11rem_minmax(0,1fr)_auto]"
          >
            <span className="figures text-muted text-xs">
              {formatDateTime(one.detectedAt)} · {formatDuration(one.detectedAt, one.endedAt)}
            </span>
            <span className="min-w-0">
              <span className="block truncate font-medium">{one.series}</span>
              <span className="figures block text-muted text-xs">{one.reason}</span>
            </span>
            <StatusBadges type={one.type} severity={one.severity} status={one.status} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
