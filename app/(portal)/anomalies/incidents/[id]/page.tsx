import type { Metadata } from "next";
import { hostParam, idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { IncidentDetail } from "#components/anomalies/incident-detail.tsx";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Incident" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function IncidentPage({ params, searchParams }: Props) {
  const { user } = await permitPage("anomalies:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { id: host } = await orNotFound(findHost(database(), hostParam(await searchParams)));
  const incident = await orNotFound(readIncident(database(), host, id));
  return <IncidentDetail incident={incident} mayDecide={may(user.role, "anomalies:decide")} />;
}
