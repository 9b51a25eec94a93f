import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { HostDetail } from "#components/hosts/host-detail.tsx";
import { readHostWithState } from "#lib/alerts/host-states.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { signOfLife } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { readIntervals } from "#lib/tsdb/query.ts";

export const metadata: Metadata = { title: "Host" };

export default async function HostPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("metrics:read");
  const id = idParam((await params).id) ?? NO_ID;
  const db = database();
  const host = await orNotFound(readHostWithState(db, id));
  const [series, intervals] = await Promise.all([listSeries(db, id), readIntervals(db, id, Date.now(), { own: true })]);
  const life = signOfLife(host, [...intervals.values()]);
  return <HostDetail host={{ ...host, ...life }} series={series} mayManage={may(user.role, "hosts:manage")} />;
}
