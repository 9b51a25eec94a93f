import { serve } from "#app/api/_serve/serve.ts";
import { checkRule } from "#lib/alerts/test-rule.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertTests.check, ({ db, body, signal }) =>
  checkRule(db, body, { now: Date.now(), signal }),
);
