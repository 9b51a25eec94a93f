import { serve } from "#app/api/_serve/serve.ts";
import { openStatusPage } from "#lib/alerts/status-pages.ts";
import { subscribe } from "#lib/alerts/status-subscribers.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.statusPages.subscribe, async ({ db, params, query, body }) => {
  const page = await openStatusPage(db, params.slug, query.token);
  await subscribe(db, page, body.email, Date.now());
});
