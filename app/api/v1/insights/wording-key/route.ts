import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import * as contract from "#lib/contract/index.ts";
import { writeSecret } from "#lib/settings/store.ts";

export const PUT = serve(contract.settings.saveWordingKey, ({ db, body, session }) =>
  writeSecret(db, "wording_key", body.key, sessionSecret(), session.user.id),
);
