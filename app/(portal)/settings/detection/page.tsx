import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Detection } from "#components/settings/detection.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { readSettings } from "#lib/settings/store.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Detection" };

export default async function DetectionPage() {
  const { user } = await permitPage("settings:read");
  const [hosts, settings] = await Promise.all([listHosts(database()), readSettings(database())]);
  const series = await Promise.all(hosts.map(({ id }) => listSeries(database(), id)));
  const metrics = [...new Set(series.flat().map(({ metric }) => metric))].sort();
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs role={user.role} />
      <Detection
        hosts={hosts.map(({ id, name }) => ({ id, name }))}
        metrics={metrics}
        defaults={{
          sensitivity: settings.detection_sensitivity,
          seasonal: settings.detection_seasons,
        }}
        writable={may(user.role, "detection:write")}
      />
    </>
  );
}
