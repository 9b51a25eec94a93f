"use client";

import { useQuery } from "@tanstack/react-query";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { type Upcoming, upcomingQuery } from "#components/now/queries.ts";
import { Until } from "#components/ui/age.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { signalTitle } from "#lib/insights/signal-title.ts";

const SHOWN = 5;

function Item({ upcoming }: { upcoming: Upcoming }) {
  const { hostId, host, at, severity } = upcoming;
  const title = signalTitle(upcoming);
  return (
    <li className="flex items-baseline justify-between gap-3">
      <span className="min-w-0">
        <Link href={`/insights?host=${hostId}`} title={title} className="line-clamp-2 break-words hover:underline">
          {title}
        </Link>
        <span className="flex min-w-0 items-center gap-2 text-muted text-xs">
          <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
          <span className="truncate" title={host}>
            {host}
          </span>
        </span>
      </span>
      {at !== null && (
        <span className="figures shrink-0 text-muted text-xs">
          <Until at={new Date(at)} />
        </span>
      )}
    </li>
  );
}

function List({ upcoming }: { upcoming: Upcoming[] }) {
  const rest = upcoming.length - SHOWN;
  return (
    <ul className="space-y-2">
      {upcoming.slice(0, SHOWN).map((own) => (
        <Item key={`${own.hostId} ${own.kind} ${own.subject}`} upcoming={own} />
      ))}
      {rest > 0 && (
        <li className="text-muted text-xs">{rest} more, later ones: each host's stand on its page of Insights.</li>
      )}
    </ul>
  );
}

/** What will need a hand on any host within a month: disks that fill, certificates that expire. */
export function ComesNext() {
  const query = useQuery(upcomingQuery);
  return (
    <Card>
      <CardTitle aside="looked at hourly">Comes next</CardTitle>
      <QueryView
        query={query}
        what="What comes next"
        empty={
          <p className="text-muted text-xs">
            Nothing fills up or expires within a month. How a disk grows shows after half a day of samples.
          </p>
        }
      >
        {(upcoming) => <List upcoming={upcoming} />}
      </QueryView>
    </Card>
  );
}
