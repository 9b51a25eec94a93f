import { serve } from "#app/api/_serve/serve.ts";
import { assignEndpoint } from "#lib/contract/experiments.ts";
import { assignSubject } from "#lib/experiments/subjects.ts";

export const POST = serve(assignEndpoint, ({ db, params, body }) => assignSubject(db, params.id, body, Date.now()));
