import type { Metadata } from "next";
import { onWire } from "#app/_access/found.ts";
import { permitPage } from "#app/_access/page.ts";
import { ReportLibrary } from "#components/reports/report-library.tsx";
import { may } from "#lib/access/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/query/catalog.ts";
import { isBuiltIn, REPORT_TYPES, REPORTS } from "#lib/report/compose.ts";
import { listReports } from "#lib/report/library.ts";

export const metadata: Metadata = { title: "Reports" };

export default async function ReportsPage() {
  const { user } = await permitPage("reports:read");
  const audits = may(user.role, "audit:read");
  const [reports, hosts] = await Promise.all([listReports(database(), audits), listHosts(database())]);
  const types = REPORT_TYPES.filter(isBuiltIn).filter((type) => audits || type !== "audit");
  return (
    <ReportLibrary
      reports={onWire(reports)}
      types={types.map((value) => ({ value, title: REPORTS[value].title }))}
      hosts={hosts.map(({ id, name }) => ({ id, name }))}
      writes={may(user.role, "reports:write")}
    />
  );
}
