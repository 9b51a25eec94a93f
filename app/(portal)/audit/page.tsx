import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Audit } from "#components/audit/audit.tsx";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage() {
  await permitPage("audit:read");
  return <Audit />;
}
