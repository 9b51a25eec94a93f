import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removeInput } from "#lib/inputs/inputs.ts";
import { changeInput, readWithScrape } from "#lib/scrape/scrape-inputs.ts";

export const GET = serve(contract.inputs.read, ({ db, params }) => readWithScrape(db, params.id));
export const PATCH = serve(contract.inputs.update, ({ db, params, body, session }) =>
  changeInput(db, params.id, body, session.user),
);
export const DELETE = serve(contract.inputs.remove, ({ db, params }) => removeInput(db, params.id));
