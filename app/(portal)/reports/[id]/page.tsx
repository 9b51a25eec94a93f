import type { Metadata } from "next";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { ReportView } from "#components/reports/report-view.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { readReport } from "#lib/reports/library.ts";

export const metadata: Metadata = { title: "Report" };

export default async function ReportPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("reports:read");
  const id = idParam((await params).id) ?? NO_ID;
  const report = await orNotFound(readReport(database(), id, may(user.role, "audit:read")));
  return <ReportView report={report} />;
}
