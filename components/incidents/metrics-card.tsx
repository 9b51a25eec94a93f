import type { Incident } from "#components/anomalies/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { durationText } from "#lib/format/duration.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

type Member = Incident["anomalies"][number];

/** So many metrics stand there at once; the others open. */
const SHOWN = 8;

/** How long after the incident's start an anomaly began. */
function onset(startedAt: Date, { order, detectedAt }: Member): string {
  return order === 1 ? "first" : `+${durationText(detectedAt.getTime() - startedAt.getTime())}`;
}

function Item({ member, incident: { hostId, startedAt } }: { member: Member; incident: Incident }) {
  const { id, series, contribution, reason } = member;
  return (
    <li className="py-2 first:pt-0">
      <div className="flex items-baseline gap-x-3">
        <Link
          href={`/anomalies/${id}?host=${hostId}`}
          title={series}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {seriesTitle(series)}
        </Link>
        <span className="figures shrink-0 text-muted text-xs">{onset(startedAt, member)}</span>
        <span className="figures ml-auto shrink-0 text-xs">{Math.round(contribution * 100)} %</span>
      </div>
      <div aria-hidden className="mt-1 h-1 rounded bg-raised">
        <div className="h-1 rounded bg-accent" style={{ width: `${contribution * 100}%` }} />
      </div>
      <p className="figures mt-1 text-muted text-xs">{reason}</p>
    </li>
  );
}

/** What an incident consists of, and how much each metric is of it. */
export function MetricsCard({ incident }: { incident: Incident }) {
  const { anomalies } = incident;
  const rest = anomalies.slice(SHOWN);
  const items = (members: Member[]) =>
    members.map((member) => <Item key={member.id} member={member} incident={incident} />);
  return (
    <Card>
      <CardTitle aside="by contribution">Metrics that changed</CardTitle>
      <ul className="divide-y divide-line">{items(anomalies.slice(0, SHOWN))}</ul>
      {rest.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-muted text-xs hover:text-ink">{rest.length} more</summary>
          <ul className="mt-2 divide-y divide-line">{items(rest)}</ul>
        </details>
      )}
    </Card>
  );
}
