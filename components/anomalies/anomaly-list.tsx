import { formatDuration } from "#components/anomalies/labels.ts";
import type { Anomaly } from "#components/anomalies/queries.ts";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** Anomalies as rows, newest first. */
export function AnomalyList({ anomalies }: { anomalies: Anomaly[] }) {
  return (
    <ul className="divide-y divide-line">
      {anomalies.map(
        ({ hostId, host, id, series, reason, type, severity, status, reviewed, detectedAt, lastAt, endedAt }) => (
          <li key={`${hostId} ${id}`}>
            <Link
              href={`/anomalies/${id}?host=${hostId}`}
              className="grid gap-x-4 gap-y-0.5 rounded px-1 py-2.5 hover:bg-raised md:grid-cols-[11rem_minmax(0,1fr)_auto]"
            >
              <span className="figures text-muted text-xs">
                <DateTime at={detectedAt} /> · {formatDuration({ from: detectedAt, to: endedAt, lastAt })}
              </span>
              <span className="min-w-0">
                <span className="block truncate font-medium" title={series}>
                  {host}: {seriesTitle(series)}
                </span>
                <span className="figures block text-muted text-xs">{reason}</span>
              </span>
              <StatusBadges type={type} severity={severity} status={status} reviewed={reviewed} />
            </Link>
          </li>
        ),
      )}
    </ul>
  );
}
