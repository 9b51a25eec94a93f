import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { ServerList } from "#components/databases/server-list.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Databases" };

export default async function DatabasesPage() {
  const { user } = await permitPage("databases:read");
  const hosts = await listHosts(database());
  return (
    <ServerList hosts={hosts.map(({ id, name }) => ({ id, name }))} mayManage={may(user.role, "databases:manage")} />
  );
}
