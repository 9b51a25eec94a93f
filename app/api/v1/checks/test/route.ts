import { serve } from "#app/api/_serve/serve.ts";
import { trustOf } from "#lib/checks/checks.ts";
import { runCheck } from "#lib/collect/checks/run-check.ts";
import { contract } from "#lib/contract/index.ts";

export const POST = serve(contract.checks.test, ({ body, session }) =>
  runCheck({ ...body, id: 0 }, trustOf(session.user)),
);
