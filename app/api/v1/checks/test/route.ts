import { serve } from "#app/api/_serve/serve.ts";
import { tryCheck } from "#lib/checks/try-check.ts";
import * as contract from "#lib/contract/index.ts";
import { isTrustedRole, trustOf } from "#lib/notify/outgoing.ts";

export const POST = serve(contract.checks.test, ({ body, session }) =>
  tryCheck(body, trustOf(isTrustedRole(session.user.role))),
);
