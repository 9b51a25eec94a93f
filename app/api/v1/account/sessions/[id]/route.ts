import { serve } from "#app/api/_serve/serve.ts";
import { closeSession } from "#lib/access/sessions.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.account.closeSession, ({ db, params, session }) =>
  closeSession(db, session.user.id, params.id),
);
