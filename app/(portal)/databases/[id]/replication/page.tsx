import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { permitPage } from "#app/_access/page.ts";
import { readServerPage, type ServerPageProps } from "#app/_access/server-page.ts";
import { GET as readReplication } from "#app/api/v1/databases/[id]/replication/route.ts";
import { replicationQuery } from "#components/databases/queries.ts";
import { Replication } from "#components/databases/replication.tsx";
import { replicationPanels } from "#components/databases/server-panels.ts";
import * as contract from "#lib/contract/index.ts";

export const metadata: Metadata = { title: "Replication and WAL" };

export default async function DatabaseReplicationPage(props: ServerPageProps) {
  await permitPage("databases:read");
  const { server, questions } = await readServerPage(props, replicationPanels);
  const input = { params: { id: server.id } };
  const first = await firstData([
    question(replicationQuery(server.id), contract.databaseCatalog.replication, input, readReplication),
    ...questions,
  ]);
  return (
    <HydrationBoundary state={first}>
      <Replication {...server} />
    </HydrationBoundary>
  );
}
