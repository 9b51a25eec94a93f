import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { HostList } from "#components/hosts/host-list.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  const { user } = await permitPage("hosts:read");
  return <HostList mayManage={may(user.role, "hosts:manage")} />;
}
