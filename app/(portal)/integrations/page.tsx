import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { IntegrationList } from "#components/integrations/integration-list.tsx";

export const metadata: Metadata = { title: "Integrations" };

export default async function IntegrationsPage() {
  await permitPage("inputs:read");
  return <IntegrationList />;
}
