import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { Inhibitions } from "#components/alerts/inhibitions.tsx";
import { Routing } from "#components/alerts/routing.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Alert routing" };

export default async function AlertRoutingPage() {
  const { user } = await permitPage("alerts:channels");
  const hosts = await listHosts(database());
  return (
    <AlertFrame role={user.role}>
      <Routing hosts={hosts.map(({ name }) => name)} />
      <Inhibitions />
    </AlertFrame>
  );
}
