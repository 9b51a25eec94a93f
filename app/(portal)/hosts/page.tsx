import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { HostList } from "#components/hosts/host-list.tsx";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  await permitPage("hosts:read");
  return <HostList hosts={await listHostsWithState(database())} />;
}
