import { serve } from "#app/api/_serve/serve.ts";
import { runCheck } from "#lib/collect/checks/run-check.ts";
import { contract } from "#lib/contract/index.ts";
import { isTrustedRole, trustOf } from "#lib/notify/outgoing.ts";

export const POST = serve(contract.checks.test, ({ body, session }) =>
  runCheck({ ...body, id: 0 }, trustOf(isTrustedRole(session.user.role))),
);
