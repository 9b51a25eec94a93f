import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { makeReportEndpoint, reportsEndpoint } from "#lib/contract/reports.ts";
import { createReport } from "#lib/reports/compose.ts";
import { listReports, readReport } from "#lib/reports/library.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(reportsEndpoint, ({ db, session }) => listReports(db, may(session.user.role, "audit:read")));

export const POST = serve(makeReportEndpoint, async ({ db, body, session: { user } }) => {
  const now = Date.now();
  const id = await createReport(db, { ...body, ...parseSpan(body, now) }, { userId: user.id, role: user.role, now });
  return readReport(db, id, may(user.role, "audit:read"));
});
