import { removeTemplateEndpoint } from "#app/api/_contract/reports.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { removeTemplate } from "#lib/reports/templates.ts";

export const DELETE = serve(removeTemplateEndpoint, ({ db, params }) => removeTemplate(db, params.id));
