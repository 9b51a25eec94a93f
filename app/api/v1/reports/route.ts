import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { createReport } from "#lib/reports/compose.ts";
import { listReports, readReport } from "#lib/reports/library.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.reports.list, ({ db, session }) =>
  listReports(db, may(session.user.role, "audit:read")),
);

export const POST = serve(contract.reports.create, async ({ db, body, session: { user } }) => {
  const now = Date.now();
  const id = await createReport(db, { ...body, ...parseSpan(body, now) }, { userId: user.id, role: user.role, now });
  return readReport(db, id, may(user.role, "audit:read"));
});
