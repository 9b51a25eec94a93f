import { serve } from "#app/api/_serve/serve.ts";
import { listNoisyRules } from "#lib/alerts/noisy-rules.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertTests.noisy, ({ db }) => listNoisyRules(db, Date.now()));
