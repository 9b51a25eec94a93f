import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { Replication } from "#components/databases/replication.tsx";
import { listServerSeries } from "#lib/databases/server-series.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Replication and WAL" };

export default async function DatabaseReplicationPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("databases:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { hostId, series } = await orNotFound(listServerSeries(database(), id));
  return <Replication id={id} host={hostId} series={series} />;
}
