import { serve } from "#app/api/_serve/serve.ts";
import { changePassword } from "#lib/access/sessions.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.account.changePassword, ({ db, body, session }) =>
  changePassword(db, session, body),
);
