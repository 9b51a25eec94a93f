import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { rangeQuestions } from "#app/_access/first-ranges.ts";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as readReplication } from "#app/api/v1/databases/[id]/replication/route.ts";
import { panelRange } from "#components/charts/panel-range.ts";
import { spanMsOf } from "#components/charts/spans.ts";
import { replicationQuery } from "#components/databases/queries.ts";
import { Replication } from "#components/databases/replication.tsx";
import { replicationPanels } from "#components/databases/server-panels.ts";
import * as contract from "#lib/contract/index.ts";
import { listServerSeries } from "#lib/databases/server-series.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Replication and WAL" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ span?: string }> };

export default async function DatabaseReplicationPage({ params, searchParams }: Props) {
  await permitPage("databases:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { hostId, series } = await orNotFound(listServerSeries(database(), id));
  const spanMs = spanMsOf((await searchParams).span);
  const ranges = replicationPanels(series).map(({ own }) => panelRange(hostId, own, spanMs, false));
  const since = Date.now();
  const first = await firstData([
    question(replicationQuery(id), contract.databaseCatalog.replication, { params: { id } }, readReplication),
    ...rangeQuestions(ranges),
  ]);
  return (
    <HydrationBoundary state={first}>
      <Replication id={id} host={hostId} series={series} since={since} />
    </HydrationBoundary>
  );
}
