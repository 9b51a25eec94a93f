import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { firstData, question } from "#app/_access/first-data.ts";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as readInsights } from "#app/api/v1/insights/route.ts";
import { Insights } from "#components/insights/insights.tsx";
import { insightsQuery } from "#components/insights/queries.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";
import { database } from "#lib/db/client.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Insights" };

type Props = { searchParams: Promise<{ host?: string }> };

async function Content({ role, wanted }: { role: Role; wanted: number | undefined }) {
  const db = database();
  const hosts = await listHostsWithState(db);
  const host = await chooseHost(db, hosts, wanted);
  if (!host && wanted !== undefined) notFound();
  if (!host) return <NoHost title="Insights" />;
  const input = { query: { host: host.id } };
  const [series, first] = await Promise.all([
    listSeries(db, host.id),
    firstData([question(insightsQuery(host.id), contract.insights.read, input, readInsights)]),
  ]);
  return (
    <HydrationBoundary state={first}>
      <Insights
        host={{ id: host.id, name: host.name }}
        hosts={hosts.map(({ id, name, state }) => ({ id, name, state }))}
        series={series.map(({ id, name }) => ({ id, name }))}
        mayDecide={may(role, "insights:decide")}
        mayAnnotate={may(role, "annotations:write")}
      />
    </HydrationBoundary>
  );
}

export default async function InsightsPage({ searchParams }: Props) {
  const { user } = await permitPage("insights:read");
  const wanted = hostParam(await searchParams);
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Content role={user.role} wanted={wanted} />
    </Suspense>
  );
}
