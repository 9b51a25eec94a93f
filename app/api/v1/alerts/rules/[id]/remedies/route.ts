import { serve } from "#app/api/_serve/serve.ts";
import { findRemedies } from "#lib/alerts/noisy-rules.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertTests.remedies, ({ db, params, signal }) =>
  findRemedies(db, params.id, { now: Date.now(), signal }),
);
