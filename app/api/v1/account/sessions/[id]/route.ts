import { serve } from "#app/api/_serve/serve.ts";
import { closeSession } from "#lib/access/sessions.ts";
import { closeSessionEndpoint } from "#lib/contract/account.ts";

export const DELETE = serve(closeSessionEndpoint, ({ db, params, session }) =>
  closeSession(db, session.user.id, params.id),
);
