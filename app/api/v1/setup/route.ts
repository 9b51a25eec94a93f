import { serve } from "#app/api/_serve/serve.ts";
import { completeSetup } from "#lib/access/setup.ts";
import { contract } from "#lib/contract/index.ts";

export const POST = serve(contract.system.setup, ({ db, body, address }) => completeSetup(db, body, address));
