import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Anomalies } from "#components/anomalies/anomalies.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Anomalies" };

export default async function AnomaliesPage() {
  await permitPage("anomalies:read");
  const hosts = await listHosts(database());
  return <Anomalies hosts={hosts.map(({ id, name }) => ({ id, name }))} />;
}
