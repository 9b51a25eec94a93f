import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSloFigures } from "#lib/slo/read-slos.ts";
import { removeSlo, replaceSlo } from "#lib/slo/slos.ts";

export const GET = serve(contract.slos.read, ({ db, params }) => readSloFigures(db, params.id, Date.now()));

export const PUT = serve(contract.slos.replace, ({ db, params, body, session }) =>
  replaceSlo(db, params.id, body, session.user.id),
);

export const DELETE = serve(contract.slos.remove, ({ db, params }) => removeSlo(db, params.id));
