import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { assertComposable } from "#lib/reports/compose.ts";
import { listTemplates, saveTemplate } from "#lib/reports/templates.ts";

export const GET = serve(contract.reportTemplates.list, ({ db, session }) =>
  listTemplates(db, may(session.user.role, "audit:read")),
);

export const PUT = serve(contract.reportTemplates.save, ({ db, body, session: { user } }) => {
  assertComposable(body, user.role);
  return saveTemplate(db, body, user);
});
