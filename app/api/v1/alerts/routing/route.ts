import { serve } from "#app/api/_serve/serve.ts";
import { readRouting, writeRouting } from "#lib/alerts/routing.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertRouting.read, ({ db }) => readRouting(db));

export const PUT = serve(contract.alertRouting.replace, ({ db, body }) => writeRouting(db, body.tree));
