import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { reportChoices } from "#app/(portal)/reports/choices.ts";
import { ReportLibrary } from "#components/reports/report-library.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { listReports } from "#lib/reports/library.ts";

export const metadata: Metadata = { title: "Reports" };

export default async function ReportsPage() {
  const { user } = await permitPage("reports:read");
  const mayReadAudit = may(user.role, "audit:read");
  const [reports, hosts, choices] = await Promise.all([
    listReports(database(), mayReadAudit),
    listHosts(database()),
    reportChoices(mayReadAudit),
  ]);
  return (
    <ReportLibrary
      reports={reports}
      choices={choices}
      hosts={hosts.map(({ id, name }) => ({ id, name }))}
      mayWrite={may(user.role, "reports:write")}
    />
  );
}
