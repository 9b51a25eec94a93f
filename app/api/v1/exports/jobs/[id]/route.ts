import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removeJob } from "#lib/exports/jobs.ts";

export const DELETE = serve(contract.exports.removeJob, ({ db, params, session }) =>
  removeJob(db, session.user.id, params.id),
);
