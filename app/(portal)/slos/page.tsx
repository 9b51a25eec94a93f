import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { SloList } from "#components/slo/slo-list.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "SLOs" };

export default async function SlosPage() {
  const { user } = await permitPage("slos:read");
  return <SloList mayWrite={may(user.role, "slos:write")} />;
}
