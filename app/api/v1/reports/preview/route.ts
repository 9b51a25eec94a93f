import { serve } from "#app/api/_serve/serve.ts";
import { renderReportEmail } from "#components/mail/report-email.tsx";
import * as contract from "#lib/contract/index.ts";
import { draftReport } from "#lib/reports/compose.ts";
import { previewOf } from "#lib/reports/email-preview.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const POST = serve(contract.reports.previewMail, async ({ db, body, session }) => {
  const now = Date.now();
  const draft = await draftReport(db, { ...body, ...parseSpan(body, now) }, { role: session.user.role, now });
  return previewOf(await renderReportEmail(draft, { report: "#", optOut: "#", zone: body.zone }));
});
