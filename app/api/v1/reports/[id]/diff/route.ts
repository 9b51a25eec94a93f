import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { diffReport } from "#lib/reports/diff.ts";

export const GET = serve(contract.reports.diff, ({ db, params: { id }, query: { against }, session }) =>
  diffReport(db, { id, against, mayReadAudit: may(session.user.role, "audit:read") }),
);
