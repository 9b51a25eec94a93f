import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { Statements } from "#components/databases/statements.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Database queries" };

export default async function DatabaseQueriesPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("databases:read");
  return <Statements id={idParam((await params).id) ?? NO_ID} mayExplain={may(user.role, "databases:explain")} />;
}
