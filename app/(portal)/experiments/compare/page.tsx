import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { ComparePeriods } from "#components/experiments/compare-periods.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Compare periods" };

export default async function ComparePage() {
  await permitPage("metrics:read");
  const hosts = await listHosts(database());
  const named = await Promise.all(
    hosts.map(async ({ id, name }) => {
      const series = await listSeries(database(), id);
      return {
        id,
        name,
        series: series.map(({ id: seriesId, name: seriesName }) => ({ id: seriesId, name: seriesName })),
      };
    }),
  );
  return named.length === 0 ? <NoHost title="Compare periods" /> : <ComparePeriods hosts={named} now={Date.now()} />;
}
