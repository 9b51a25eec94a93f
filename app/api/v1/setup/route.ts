import { serve } from "#app/api/_serve/serve.ts";
import { completeSetup } from "#lib/access/setup.ts";
import { setupEndpoint } from "#lib/contract/settings.ts";

export const POST = serve(setupEndpoint, ({ db, body, address }) => completeSetup(db, body, address));
