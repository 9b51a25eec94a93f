import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removeTemplate } from "#lib/reports/templates.ts";

export const DELETE = serve(contract.reportTemplates.remove, ({ db, params, session }) =>
  removeTemplate(db, params.id, session.user),
);
