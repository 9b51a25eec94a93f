import { serve } from "#app/api/_serve/serve.ts";
import { checkTrail } from "#lib/audit/trail.ts";
import { auditCheckEndpoint } from "#lib/contract/audit.ts";

export const GET = serve(auditCheckEndpoint, ({ db }) => checkTrail(db));
