import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { Tables } from "#components/databases/tables.tsx";

export const metadata: Metadata = { title: "Tables and indexes" };

export default async function DatabaseTablesPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("databases:read");
  return <Tables id={idParam((await params).id) ?? NO_ID} />;
}
