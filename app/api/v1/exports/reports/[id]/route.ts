import { exportReportEndpoint } from "#app/api/_contract/reports.ts";
import { fileOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { readReport, reportTable } from "#lib/report/library.ts";

export const GET = serve(exportReportEndpoint, async ({ db, params, query: { format }, session }) => {
  const report = await readReport(db, params.id, may(session.user.role, "audit:read"));
  return fileOf(reportTable(report), {
    db,
    session,
    name: `report-${report.id}`,
    format,
    details: { type: report.type },
  });
});
