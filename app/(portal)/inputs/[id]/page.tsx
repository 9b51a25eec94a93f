import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { TargetList } from "#components/inputs/target-list.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { readInput } from "#lib/inputs/inputs.ts";

export const metadata: Metadata = { title: "Targets" };

export default async function TargetsPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("inputs:read");
  const { id, name, kind } = await orNotFound(readInput(database(), idParam((await params).id) ?? NO_ID));
  // Inputs of other kinds have no targets.
  if (kind !== "scrape") notFound();
  return <TargetList id={id} name={name} mayWrite={may(user.role, "inputs:write")} />;
}
