"use client";

import { useQuery } from "@tanstack/react-query";
import { PanelCard } from "#components/charts/panel-card.tsx";
import { useSpan } from "#components/charts/span-picker.tsx";
import { FindingHead } from "#components/databases/findings.tsx";
import { findingsQuery } from "#components/databases/queries.ts";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { PANELS, seriesOf } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const MOST_FINDINGS = 5;
const NOT_HERE = ["postgres-up", "pgbouncer-up", "postgres-size"];

/** What is the matter, and the charts of a server. */
export function DatabaseOverview({ id, host, series }: { id: number; host: number; series: SeriesInfo[] }) {
  const { spanMs } = useSpan();
  const findings = useQuery(findingsQuery(id));
  const panels = PANELS.filter((panel) => !NOT_HERE.includes(panel.id))
    .map((panel) => ({ panel, own: seriesOf(panel, series) }))
    .filter(({ own }) => own.length > 0);
  return (
    <LiveProvider host={host}>
      <Card className="mb-3">
        <CardTitle aside={<Link href={`/databases/${id}/findings`}>All findings</Link>}>Findings</CardTitle>
        <QueryView
          query={findings}
          what="The findings"
          skeleton={<Skeleton className="h-16" />}
          empty={<p className="text-muted text-xs">Nothing found in what was read.</p>}
        >
          {(list) => (
            <ul className="divide-y divide-line">
              {list.slice(0, MOST_FINDINGS).map((finding) => (
                <li key={finding.key} className="py-1.5">
                  <FindingHead finding={finding} />
                </li>
              ))}
            </ul>
          )}
        </QueryView>
      </Card>
      {panels.length === 0 && (
        <p className="text-muted text-sm">No samples yet: they come within an interval once the server answers.</p>
      )}
      <div className="grid gap-3 lg:grid-cols-2 3xl:grid-cols-3">
        {panels.map(({ panel, own }) => (
          <PanelCard key={panel.id} {...{ host, panel, spanMs }} series={own} impliedLabel="server" />
        ))}
      </div>
    </LiveProvider>
  );
}
