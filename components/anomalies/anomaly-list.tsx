import Link from "next/link";
import type { Anomaly } from "#components/anomalies/types.ts";
import { lasted, SEVERITY_LOOK, STATUS_LOOK, STATUS_TITLE, when } from "#components/anomalies/words.ts";
import { Badge } from "#components/ui/badge.tsx";

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
              {when(one.detectedAt)} · {lasted(one.detectedAt, one.endedAt)}
            </span>
            <span className="min-w-0">
              <span className="block truncate font-medium">{one.series}</span>
              <span className="figures block text-muted text-xs">{one.reason}</span>
            </span>
            <span className="flex items-center gap-1.5">
              <Badge>{one.type}</Badge>
              <Badge look={SEVERITY_LOOK[one.severity] ?? "plain"}>{one.severity}</Badge>
              <Badge look={STATUS_LOOK[one.status] ?? "plain"}>{STATUS_TITLE[one.status]}</Badge>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
