import { serve } from "#app/api/_serve/serve.ts";
import { listStatusPages, removeStatusPage, replaceStatusPage } from "#lib/alerts/status-pages.ts";
import * as contract from "#lib/contract/index.ts";

export const PUT = serve(contract.statusPages.replace, async ({ db, params, body }) => {
  await replaceStatusPage(db, params.id, body);
  return listStatusPages(db);
});

export const DELETE = serve(contract.statusPages.remove, ({ db, params }) => removeStatusPage(db, params.id));
