import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listSloFigures } from "#lib/slo/read-slos.ts";
import { createSlo } from "#lib/slo/slos.ts";

export const GET = serve(contract.slos.list, ({ db }) => listSloFigures(db, Date.now()));

export const POST = serve(contract.slos.create, ({ db, body, session }) => createSlo(db, body, session.user.id));
