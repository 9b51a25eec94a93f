"use client";

import { useQuery } from "@tanstack/react-query";
import { PanelCard } from "#components/charts/panel-card.tsx";
import { FindingHead } from "#components/databases/findings.tsx";
import { findingsQuery } from "#components/databases/queries.ts";
import { serverPanels } from "#components/databases/server-panels.ts";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const MOST_FINDINGS = 5;
type Props = { id: number; host: number; series: SeriesInfo[]; since: number };

/** What is the matter, and the charts of a server; `since` (ms) is when what the page brought along was read. */
export function DatabaseOverview({ id, host, series, since }: Props) {
  const findings = useQuery(findingsQuery(id));
  const panels = serverPanels(series);
  return (
    <LiveProvider host={host} since={since}>
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
          <PanelCard key={panel.id} {...{ host, panel }} series={own} impliedLabel="server" />
        ))}
      </div>
    </LiveProvider>
  );
}
