import { serve } from "#app/api/_serve/serve.ts";
import { createRule, listRules } from "#lib/alerts/rules.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertRules.list, ({ db }) => listRules(db));

export const POST = serve(contract.alertRules.create, ({ db, body, session }) => createRule(db, body, session.user.id));
