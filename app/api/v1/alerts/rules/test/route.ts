import { serve } from "#app/api/_serve/serve.ts";
import { testRule } from "#lib/alerts/test-rule.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertTests.test, ({ db, body: { rule, ...options }, signal }) =>
  testRule(db, rule, { ...options, now: Date.now(), signal }),
);
