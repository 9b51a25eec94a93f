import { serve } from "#app/api/_serve/serve.ts";
import { removeExportJobEndpoint } from "#lib/contract/exports.ts";
import { removeJob } from "#lib/exports/jobs.ts";

export const DELETE = serve(removeExportJobEndpoint, ({ db, params, session }) =>
  removeJob(db, session.user.id, params.id),
);
