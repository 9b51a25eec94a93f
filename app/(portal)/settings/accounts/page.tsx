import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Accounts } from "#components/accounts/accounts.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { PageTitle } from "#components/ui/card.tsx";

export const metadata: Metadata = { title: "Accounts" };

export default async function AccountsPage() {
  const { user } = await permitPage("accounts:read");
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs role={user.role} />
      <Accounts />
    </>
  );
}
