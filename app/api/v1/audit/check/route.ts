import { serve } from "#app/api/_serve/serve.ts";
import { checkTrail } from "#lib/audit/check.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.audit.check, ({ db }) => checkTrail(db));
