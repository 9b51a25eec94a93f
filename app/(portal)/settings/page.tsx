import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { SecretCard } from "#components/settings/secret-card.tsx";
import { SettingsForm } from "#components/settings/settings-form.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { readSettings } from "#lib/settings/store.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const { user } = await permitPage("settings:read");
  const writable = may(user.role, "settings:write");
  const settings = await readSettings(database());
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs role={user.role} />
      <SettingsForm settings={settings} writable={writable} />
      {writable && (
        <>
          <SecretCard secret="mailServer" />
          <SecretCard secret="wordingKey" />
        </>
      )}
    </>
  );
}
