import { serve } from "#app/api/_serve/serve.ts";
import { createStatusPage, listStatusPages } from "#lib/alerts/status-pages.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.statusPages.list, ({ db }) => listStatusPages(db));

export const POST = serve(contract.statusPages.create, async ({ db, body, session }) => {
  await createStatusPage(db, body, session.user.id);
  return listStatusPages(db);
});
