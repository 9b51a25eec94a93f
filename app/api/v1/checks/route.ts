import { serve } from "#app/api/_serve/serve.ts";
import { listCheckStates } from "#lib/checks/check-states.ts";
import { createCheck } from "#lib/checks/checks.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.checks.list, ({ db }) => listCheckStates(db));

export const POST = serve(contract.checks.create, ({ db, body, session }) => createCheck(db, body, session.user));
