import { auditAs } from "#app/api/_serve/audit.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { contract } from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { readReport } from "#lib/reports/library.ts";
import { shareToken } from "#lib/reports/share.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export const POST = serve(contract.reports.share, async ({ db, params, body: { days }, session }) => {
  const { id } = await readReport(db, params.id, may(session.user.role, "audit:read"));
  const expiresAt = Date.now() + days * DAY_MS;
  await auditAs({ db, session }, "share", `report ${id}`, { days });
  return { path: `/shared/${shareToken(id, expiresAt, sessionSecret())}`, expiresAt: new Date(expiresAt) };
});
