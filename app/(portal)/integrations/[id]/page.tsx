import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { permitPage } from "#app/_access/page.ts";
import { IntegrationPage } from "#components/integrations/integration-page.tsx";
import { may } from "#lib/contract/permissions.ts";
import { findIntegration } from "#lib/integrations/definitions/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: findIntegration((await params).id)?.title ?? "Integrations" };
}

export default async function OneIntegrationPage({ params }: Props) {
  const { user } = await permitPage("inputs:read");
  const { id } = await params;
  if (!findIntegration(id)) notFound();
  return <IntegrationPage id={id} mayWrite={may(user.role, "inputs:write")} />;
}
