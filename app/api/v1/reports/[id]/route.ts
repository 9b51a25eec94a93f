import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { removeReportEndpoint, reportEndpoint } from "#lib/contract/reports.ts";
import { readReport, removeReport } from "#lib/reports/library.ts";

export const GET = serve(reportEndpoint, ({ db, params, session }) =>
  readReport(db, params.id, may(session.user.role, "audit:read")),
);

export const DELETE = serve(removeReportEndpoint, ({ db, params }) => removeReport(db, params.id));
