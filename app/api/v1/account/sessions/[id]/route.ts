import { closeSessionEndpoint } from "#app/api/_contract/account.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { closeSession } from "#lib/access/sessions.ts";

export const DELETE = serve(closeSessionEndpoint, ({ db, params, session }) =>
  closeSession(db, session.user.id, params.id),
);
