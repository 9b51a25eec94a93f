import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { Sessions } from "#components/databases/sessions.tsx";

export const metadata: Metadata = { title: "Database sessions" };

export default async function DatabaseSessionsPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("databases:read");
  return <Sessions id={idParam((await params).id) ?? NO_ID} />;
}
