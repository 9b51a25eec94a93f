import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readFirstSteps } from "#lib/help/first-steps.ts";

export const GET = serve(contract.system.firstSteps, ({ db }) => readFirstSteps(db));
