import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { ServerSettings } from "#components/databases/server-settings.tsx";

export const metadata: Metadata = { title: "Database settings" };

export default async function DatabaseServerSettingsPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("databases:read");
  return <ServerSettings id={idParam((await params).id) ?? NO_ID} />;
}
