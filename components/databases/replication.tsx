"use client";

import { useQuery } from "@tanstack/react-query";
import { PanelCard } from "#components/charts/panel-card.tsx";
import { DataTable } from "#components/databases/data-table.tsx";
import { replicationQuery } from "#components/databases/queries.ts";
import { replicationPanels } from "#components/databases/server-panels.ts";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** Who receives the changes of a server, how far behind, and what is kept for them. */
function Receivers({ id }: { id: number }) {
  const query = useQuery(replicationQuery(id));
  return (
    <QueryView query={query} what="The replication" skeleton={<Skeleton className="h-32" />}>
      {({ at, inRecovery, standbys, slots }) => (
        <div className="mb-3 grid gap-3 xl:grid-cols-2">
          <Card>
            <CardTitle aside={at && <DateTime at={at} />}>Standbys</CardTitle>
            {inRecovery && <p className="mb-2 text-sm">This server is a standby itself.</p>}
            {standbys.length === 0 ? (
              <p className="text-muted text-sm">Nobody streams from this server.</p>
            ) : (
              <DataTable
                label="Standbys"
                rows={standbys}
                rowKey={({ name, address }) => `${name}/${address}`}
                columns={[
                  { title: "Standby", value: ({ name }) => name },
                  { title: "Address", value: ({ address }) => address },
                  { title: "State", value: ({ state }) => state },
                  { title: "Sync", value: ({ sync }) => sync },
                  { title: "Behind", unit: "seconds", value: ({ lagS }) => lagS ?? 0 },
                  { title: "Behind in WAL", unit: "bytes", value: ({ lagBytes }) => lagBytes },
                ]}
              />
            )}
          </Card>
          <Card>
            <CardTitle aside={at && <DateTime at={at} />}>Replication slots</CardTitle>
            {slots.length === 0 ? (
              <p className="text-muted text-sm">There are no slots.</p>
            ) : (
              <DataTable
                label="Replication slots"
                rows={slots}
                rowKey={({ name }) => name}
                columns={[
                  { title: "Slot", value: ({ name }) => name },
                  { title: "Kind", value: ({ kind }) => kind },
                  { title: "Active", value: ({ active }) => (active ? "yes" : "no") },
                  { title: "WAL", value: ({ status }) => status },
                  { title: "Kept", unit: "bytes", value: ({ retainedBytes }) => retainedBytes },
                ]}
              />
            )}
          </Card>
        </div>
      )}
    </QueryView>
  );
}

type Props = { id: number; host: number; series: SeriesInfo[]; since: number };

/** Replication of a server, its write-ahead log, checkpoints and I/O; `since` (ms) is when what the page brought along was read. */
export function Replication({ id, host, series, since }: Props) {
  return (
    <LiveProvider host={host} since={since}>
      <Receivers id={id} />
      <div className="grid gap-3 lg:grid-cols-2 3xl:grid-cols-3">
        {replicationPanels(series).map(({ panel, own }) => (
          <PanelCard key={panel.id} {...{ host, panel }} series={own} impliedLabel="server" />
        ))}
      </div>
    </LiveProvider>
  );
}
