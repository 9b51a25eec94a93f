import { serve } from "#app/api/_serve/serve.ts";
import { removeTemplateEndpoint } from "#lib/contract/reports.ts";
import { removeTemplate } from "#lib/reports/templates.ts";

export const DELETE = serve(removeTemplateEndpoint, ({ db, params }) => removeTemplate(db, params.id));
