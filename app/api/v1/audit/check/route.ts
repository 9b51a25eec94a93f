import { auditCheckEndpoint } from "#app/api/_contract/audit.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { checkTrail } from "#lib/audit/trail.ts";

export const GET = serve(auditCheckEndpoint, ({ db }) => checkTrail(db));
