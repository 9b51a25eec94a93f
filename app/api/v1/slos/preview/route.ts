import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { previewSlo } from "#lib/slo/read-slos.ts";

export const POST = serve(contract.slos.preview, ({ db, body, request }) =>
  previewSlo(db, body, Date.now(), request.signal),
);
