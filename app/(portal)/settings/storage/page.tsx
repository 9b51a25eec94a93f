import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { StorageView } from "#components/settings/storage-figures.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  await permitPage("settings:read");
  const [host, ...others] = await listHosts(database());
  return <StorageView host={others.length === 0 ? host?.id : undefined} />;
}
