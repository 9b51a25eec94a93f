import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { rangeQuestions } from "#app/_access/first-ranges.ts";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as readFindings } from "#app/api/v1/databases/[id]/findings/route.ts";
import { panelRange } from "#components/charts/panel-range.ts";
import { spanMsOf } from "#components/charts/spans.ts";
import { DatabaseOverview } from "#components/databases/database-overview.tsx";
import { findingsQuery } from "#components/databases/queries.ts";
import { serverPanels } from "#components/databases/server-panels.ts";
import * as contract from "#lib/contract/index.ts";
import { listServerSeries } from "#lib/databases/server-series.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Database" };

/** So many charts are in sight at first. */
const IN_SIGHT = 6;

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ span?: string }> };

export default async function DatabaseOverviewPage({ params, searchParams }: Props) {
  await permitPage("databases:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { hostId, series } = await orNotFound(listServerSeries(database(), id));
  const spanMs = spanMsOf((await searchParams).span);
  const ranges = serverPanels(series)
    .slice(0, IN_SIGHT)
    .map(({ own }) => panelRange(hostId, own, spanMs, false));
  const since = Date.now();
  const first = await firstData([
    question(findingsQuery(id), contract.databases.findings, { params: { id } }, readFindings),
    ...rangeQuestions(ranges),
  ]);
  return (
    <HydrationBoundary state={first}>
      <DatabaseOverview id={id} host={hostId} series={series} since={since} />
    </HydrationBoundary>
  );
}
