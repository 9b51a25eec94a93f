import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { wordingKeyEndpoint } from "#lib/contract/insights.ts";
import { writeSecret } from "#lib/settings/store.ts";

export const POST = serve(wordingKeyEndpoint, ({ db, body, session }) =>
  writeSecret(db, "wording_key", body.key, sessionSecret(), session.user.id),
);
