import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { contract } from "#lib/contract/index.ts";
import { assertReachable } from "#lib/reports/deliver.ts";
import { writeSecret } from "#lib/settings/store.ts";

export const PUT = serve(contract.settings.saveMailServer, async ({ db, body: { url }, session }) => {
  if (url !== "") await assertReachable(url);
  await writeSecret(db, "smtp_url", url, sessionSecret(), session.user.id);
});
