import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Exports } from "#components/exports/exports.tsx";
import { ExpressionExport } from "#components/exports/expression-export.tsx";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Exports" };

export default async function ExportsPage() {
  const { user } = await permitPage("metrics:export");
  return (
    <ReportFrame mayWrite={may(user.role, "reports:write")}>
      <ExpressionExport />
      <Exports />
    </ReportFrame>
  );
}
