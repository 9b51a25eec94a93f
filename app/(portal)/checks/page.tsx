import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { CheckList } from "#components/checks/check-list.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Checks" };

export default async function ChecksPage() {
  const { user } = await permitPage("checks:read");
  return <CheckList mayWrite={may(user.role, "checks:write")} />;
}
