import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { Overview } from "#components/overview/overview.tsx";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { readLevels } from "#lib/alerts/levels.ts";
import { database } from "#lib/db/client.ts";
import { signOfLife } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { readIntervals } from "#lib/tsdb/query.ts";

export const metadata: Metadata = { title: "Overview" };

async function Content({ wanted }: { wanted: number | undefined }) {
  const db = database();
  const hosts = await listHostsWithState(db);
  const host = await chooseHost(db, hosts, wanted);
  if (!host && wanted !== undefined) notFound();
  const series = host ? await listSeries(db, host.id) : [];
  if (!host || series.length === 0) return <NoHost />;
  const cards = await overviewCards(db, host.id, Date.now(), await readLevels(db, host.id));
  const intervals = [...(await readIntervals(db, host.id, Date.now(), { own: true })).values()];
  const { id, name, state, worst } = host;
  return (
    <Overview
      key={host.id}
      host={{ id, name, state, worst, ...signOfLife(host, intervals) }}
      hosts={hosts.map((other) => ({ id: other.id, name: other.name, state: other.state }))}
      cards={cards}
      series={series}
    />
  );
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
