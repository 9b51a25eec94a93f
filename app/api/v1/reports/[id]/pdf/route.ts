import { pdfOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { readReport } from "#lib/reports/library.ts";

export const GET = serve(contract.reports.pdf, async ({ db, params, session, reader }) =>
  pdfOf(await readReport(db, params.id, may(session.user.role, "audit:read")), { db, session }, reader),
);
