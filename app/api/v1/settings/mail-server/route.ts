import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import * as contract from "#lib/contract/index.ts";
import { verifyMailServer } from "#lib/notify/mail.ts";
import { writeSecret } from "#lib/settings/store.ts";

export const PUT = serve(contract.settings.saveMailServer, async ({ db, body: { url }, session }) => {
  if (url !== "") await verifyMailServer(url);
  await writeSecret(db, "smtp_url", url, sessionSecret(), session.user.id);
});
