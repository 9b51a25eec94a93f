import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { permitPage } from "#app/_access/page.ts";
import { HostDetail } from "#components/hosts/host-detail.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Host" };

export default async function HostPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("metrics:read");
  const id = Number((await params).id);
  const host = (await listHosts(database())).find((candidate) => candidate.id === id);
  if (!host) notFound();
  return <HostDetail host={{ id, name: host.name, system: host.system }} series={await listSeries(database(), id)} />;
}
