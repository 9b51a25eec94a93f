import { setupEndpoint } from "#app/api/_contract/system.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { completeSetup } from "#lib/access/setup.ts";

export const POST = serve(setupEndpoint, ({ db, body, address }) => completeSetup(db, body, address));
