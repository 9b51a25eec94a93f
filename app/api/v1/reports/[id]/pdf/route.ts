import { pdfOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { reportPdfEndpoint } from "#lib/contract/reports.ts";
import { readReport } from "#lib/reports/library.ts";

export const GET = serve(reportPdfEndpoint, async ({ db, params, session }) =>
  pdfOf(await readReport(db, params.id, may(session.user.role, "audit:read")), { db, session }),
);
