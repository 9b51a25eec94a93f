import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { readReport, removeReport } from "#lib/reports/library.ts";

export const GET = serve(contract.reports.read, ({ db, params, session }) =>
  readReport(db, params.id, may(session.user.role, "audit:read")),
);

export const DELETE = serve(contract.reports.remove, ({ db, params, session }) =>
  removeReport(db, params.id, session.user),
);
