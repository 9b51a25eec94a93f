import { serve } from "#app/api/_serve/serve.ts";
import { may } from "#lib/access/permissions.ts";
import { saveTemplateEndpoint, templatesEndpoint } from "#lib/contract/reports.ts";
import { assertComposable } from "#lib/reports/compose.ts";
import { listTemplates, saveTemplate } from "#lib/reports/templates.ts";

export const GET = serve(templatesEndpoint, ({ db, session }) =>
  listTemplates(db, may(session.user.role, "audit:read")),
);

export const POST = serve(saveTemplateEndpoint, ({ db, body, session: { user } }) => {
  assertComposable(body, user.role);
  return saveTemplate(db, body, user.id);
});
