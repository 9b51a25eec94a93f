import { shareReportEndpoint } from "#app/api/_contract/reports.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { recordDeed } from "#lib/audit/trail.ts";
import { readReport } from "#lib/report/library.ts";
import { shareToken } from "#lib/report/share.ts";

const DAY_MS = 86_400_000;

export const POST = serve(shareReportEndpoint, async ({ db, params, body: { days }, session: { user } }) => {
  const { id } = await readReport(db, params.id, may(user.role, "audit:read"));
  const now = Date.now();
  const expiresAt = now + days * DAY_MS;
  await recordDeed(db, {
    userId: user.id,
    email: user.email,
    action: "share",
    subject: `report ${id}`,
    details: { days },
    now,
  });
  return { path: `/shared/${shareToken(id, expiresAt, sessionSecret())}`, expiresAt: new Date(expiresAt) };
});
