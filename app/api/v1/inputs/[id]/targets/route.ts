import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listTargets } from "#lib/scrape/scrape-inputs.ts";

export const GET = serve(contract.inputs.targets, ({ db, params }) => listTargets(db, params.id));
