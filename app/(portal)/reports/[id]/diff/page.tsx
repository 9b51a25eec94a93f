import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { DiffView } from "#components/reports/diff-view.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { diffReport } from "#lib/reports/diff.ts";

export const metadata: Metadata = { title: "Report changes" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ against?: string }> };

export default async function DiffPage({ params, searchParams }: Props) {
  const { user } = await permitPage("reports:read");
  const id = idParam((await params).id) ?? NO_ID;
  const against = idParam((await searchParams).against);
  const mayReadAudit = may(user.role, "audit:read");
  return <DiffView diff={await orNotFound(diffReport(database(), { id, against, mayReadAudit }))} />;
}
