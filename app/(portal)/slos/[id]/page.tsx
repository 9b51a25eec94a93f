import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { SloPage } from "#components/slo/slo-page.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { readSlo } from "#lib/slo/slos.ts";

export const metadata: Metadata = { title: "SLO" };

export default async function OneSloPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("slos:read");
  const { id } = await orNotFound(readSlo(database(), idParam((await params).id) ?? NO_ID));
  return <SloPage id={id} mayWrite={may(user.role, "slos:write")} />;
}
