import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { Insights } from "#components/insights/insights.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Insights" };

export default async function InsightsPage({ searchParams }: { searchParams: Promise<{ host?: string }> }) {
  const { user } = await permitPage("insights:read");
  const db = database();
  const hosts = await listHostsWithState(db);
  const wanted = hostParam(await searchParams);
  const host = await chooseHost(db, hosts, wanted);
  if (!host && wanted !== undefined) notFound();
  if (!host) return <NoHost title="Insights" />;
  const series = await listSeries(db, host.id);
  return (
    <Insights
      host={{ id: host.id, name: host.name }}
      hosts={hosts.map(({ id, name, state }) => ({ id, name, state }))}
      series={series.map(({ id, name }) => ({ id, name }))}
      mayDecide={may(user.role, "insights:decide")}
      mayAnnotate={may(user.role, "annotations:write")}
    />
  );
}
