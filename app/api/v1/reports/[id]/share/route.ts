import { auditAs } from "#app/api/_serve/audit.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { readReport } from "#lib/reports/library.ts";
import { createShare, listShares } from "#lib/reports/share.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export const GET = serve(contract.reports.shares, async ({ db, params, session }) => {
  const { id } = await readReport(db, params.id, may(session.user.role, "audit:read"));
  return listShares(db, id, Date.now());
});

export const POST = serve(contract.reports.share, async ({ db, params, body: { days }, session }) => {
  const { id } = await readReport(db, params.id, may(session.user.role, "audit:read"));
  const expiresAt = new Date(Date.now() + days * DAY_MS);
  const { token } = await createShare(db, id, expiresAt, session.user.id);
  await auditAs({ db, session }, "share", `report ${id}`, { days });
  return { path: `/shared/${token}`, expiresAt };
});
