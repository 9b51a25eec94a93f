import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { Findings } from "#components/databases/findings.tsx";

export const metadata: Metadata = { title: "Database findings" };

export default async function DatabaseFindingsPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("databases:read");
  return <Findings id={idParam((await params).id) ?? NO_ID} />;
}
