import type { Metadata } from "next";
import { Suspense } from "react";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { Overview } from "#components/overview/overview.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Overview" };

async function Content({ wanted }: { wanted: number | undefined }) {
  const db = database();
  const hosts = await listHosts(db);
  const host = chooseHost(hosts, wanted);
  const series = host ? await listSeries(db, host.id) : [];
  if (!host || series.length === 0) return <NoHost />;
  const cards = await overviewCards(db, host.id, Date.now());
  const names = hosts.map(({ id, name }) => ({ id, name }));
  return <Overview key={host.id} host={{ id: host.id, name: host.name }} hosts={names} cards={cards} series={series} />;
}

export default async function OverviewPage({ searchParams }: { searchParams: Promise<{ host?: string }> }) {
  await permitPage("metrics:read");
  const wanted = hostParam(await searchParams);
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Content wanted={wanted} />
    </Suspense>
  );
}
