import { wordingKeyEndpoint } from "#app/api/_contract/insights.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { writeSecret } from "#lib/settings/store.ts";

export const POST = serve(wordingKeyEndpoint, ({ db, body, session }) =>
  writeSecret(db, "wording_key", body.key, sessionSecret(), session.user.id),
);
