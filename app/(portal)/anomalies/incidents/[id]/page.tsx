import type { Metadata } from "next";
import { found, onWire } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { IncidentDetail } from "#components/anomalies/incident-detail.tsx";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Incident" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function IncidentPage({ params, searchParams }: Props) {
  const { user } = await permitPage("anomalies:read");
  const [id, host] = [Number((await params).id) || 0, Number((await searchParams).host) || 1];
  const incident = await found(readIncident(database(), host, id));
  return <IncidentDetail incident={onWire(incident)} decides={may(user.role, "anomalies:decide")} />;
}
