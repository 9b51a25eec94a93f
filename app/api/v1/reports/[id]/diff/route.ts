import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { reportDiffEndpoint } from "#lib/contract/reports.ts";
import { diffReport } from "#lib/reports/diff.ts";

export const GET = serve(reportDiffEndpoint, ({ db, params: { id }, query: { against }, session }) =>
  diffReport(db, { id, against, mayReadAudit: may(session.user.role, "audit:read") }),
);
