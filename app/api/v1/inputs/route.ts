import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listInputs } from "#lib/inputs/inputs.ts";
import { addInput, withScrape } from "#lib/scrape/scrape-inputs.ts";

export const GET = serve(contract.inputs.list, async ({ db }) => withScrape(db, await listInputs(db)));
export const POST = serve(contract.inputs.create, ({ db, body, session }) => addInput(db, body, session.user));
