import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { StatusView } from "#components/settings/status.tsx";
import { PageTitle } from "#components/ui/card.tsx";

export const metadata: Metadata = { title: "Status" };

export default async function StatusPage() {
  const { user } = await permitPage("settings:read");
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs role={user.role} />
      <StatusView />
    </>
  );
}
