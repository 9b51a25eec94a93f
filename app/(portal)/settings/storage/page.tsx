import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { StorageView } from "#components/settings/storage-figures.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  const { user } = await permitPage("settings:read");
  const [host, ...others] = await listHosts(database());
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs role={user.role} />
      <StorageView host={others.length === 0 ? host?.id : undefined} />
    </>
  );
}
