import { serve } from "#app/api/_serve/serve.ts";
import { removeRule, replaceRule } from "#lib/alerts/rules.ts";
import * as contract from "#lib/contract/index.ts";

export const PUT = serve(contract.alertRules.replace, ({ db, params, body }) => replaceRule(db, params.id, body));

export const DELETE = serve(contract.alertRules.remove, ({ db, params }) => removeRule(db, params.id));
