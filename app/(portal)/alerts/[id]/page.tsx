import type { Metadata } from "next";
import { hostParam, idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { AlertPage } from "#components/alerts/alert-page.tsx";
import { readAlert } from "#lib/alerts/list-alerts.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Alert" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function OneAlertPage({ params, searchParams }: Props) {
  const { user } = await permitPage("alerts:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { id: host } = await orNotFound(findHost(database(), hostParam(await searchParams)));
  const alert = await orNotFound(readAlert(database(), host, id));
  return <AlertPage initial={alert} mayAttend={may(user.role, "alerts:acknowledge")} />;
}
