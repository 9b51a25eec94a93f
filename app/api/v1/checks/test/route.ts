import { serve } from "#app/api/_serve/serve.ts";
import { runCheck } from "#lib/collect/checks/run-check.ts";
import { contract } from "#lib/contract/index.ts";

export const POST = serve(contract.checks.test, ({ body }) => runCheck({ ...body, id: 0 }));
