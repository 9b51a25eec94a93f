import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { StatusPages } from "#components/alerts/status-pages.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Status pages" };

export default async function StatusPagesPage() {
  const { user } = await permitPage("alerts:channels");
  const hosts = await listHosts(database());
  return (
    <AlertFrame role={user.role}>
      <StatusPages hosts={hosts.map(({ id, name }) => ({ id, name }))} />
    </AlertFrame>
  );
}
