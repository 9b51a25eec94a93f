import { serve } from "#app/api/_serve/serve.ts";
import { changeAccount } from "#lib/access/accounts.ts";
import { removeAccount } from "#lib/access/remove-account.ts";
import * as contract from "#lib/contract/index.ts";

export const PATCH = serve(contract.accounts.update, ({ db, params, body }) => changeAccount(db, params.id, body));

export const DELETE = serve(contract.accounts.remove, async ({ db, params, query }) => ({
  handedOver: await removeAccount(db, params.id, query.to),
}));
