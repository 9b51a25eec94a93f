import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { permitPage } from "#app/_access/page.ts";
import { readServerPage, type ServerPageProps } from "#app/_access/server-page.ts";
import { GET as readFindings } from "#app/api/v1/databases/[id]/findings/route.ts";
import { DatabaseOverview } from "#components/databases/database-overview.tsx";
import { findingsQuery } from "#components/databases/queries.ts";
import { serverPanels } from "#components/databases/server-panels.ts";
import * as contract from "#lib/contract/index.ts";

export const metadata: Metadata = { title: "Database" };

/** So many charts are in sight at first. */
const IN_SIGHT = 6;

export default async function DatabaseOverviewPage(props: ServerPageProps) {
  await permitPage("databases:read");
  const { server, questions } = await readServerPage(props, (series) => serverPanels(series).slice(0, IN_SIGHT));
  const input = { params: { id: server.id } };
  const first = await firstData([
    question(findingsQuery(server.id), contract.databases.findings, input, readFindings),
    ...questions,
  ]);
  return (
    <HydrationBoundary state={first}>
      <DatabaseOverview {...server} />
    </HydrationBoundary>
  );
}
