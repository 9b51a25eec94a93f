import { SEVERITY_VARIANT, STATUS_TITLE } from "#components/anomalies/labels.ts";
import type { Insights } from "#components/insights/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** What is wrong at this moment, before anything that can wait. */
export function OngoingCard({ host, ongoing }: { host: number } & Pick<Insights, "ongoing">) {
  return (
    <Card className="mb-3">
      <CardTitle aside={ongoing.length > 0 && <span className="figures">{ongoing.length}</span>}>Wrong now</CardTitle>
      {ongoing.length === 0 && <p className="text-muted">No alerts fire, and no anomalies go on.</p>}
      <ul className="divide-y divide-line">
        {ongoing.map(({ kind, id, incidentId, series, severity, status, reason, detectedAt }) => (
          <li key={`${kind} ${id}`} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <Link
                href={
                  kind === "alert" ? `/alerts/${id}?host=${host}` : `/anomalies/incidents/${incidentId}?host=${host}`
                }
                className="font-medium hover:underline"
                title={series}
              >
                {seriesTitle(series)}
              </Link>
              <span className="figures block text-muted text-xs">
                {reason} · since <DateTime at={detectedAt} />
              </span>
            </span>
            <span className="flex gap-1.5">
              <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
              {status !== "open" && <Badge>{STATUS_TITLE[status]}</Badge>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
