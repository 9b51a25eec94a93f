import { removeExportJobEndpoint } from "#app/api/_contract/exports.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { removeJob } from "#lib/exports/jobs.ts";

export const DELETE = serve(removeExportJobEndpoint, ({ db, params, session }) =>
  removeJob(db, session.user.id, params.id),
);
