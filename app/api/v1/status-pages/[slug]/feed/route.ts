import { serve } from "#app/api/_serve/serve.ts";
import { readFeed } from "#lib/alerts/status-feed.ts";
import { openStatusPage } from "#lib/alerts/status-pages.ts";
import * as contract from "#lib/contract/index.ts";

const HEADERS = { "content-type": "application/rss+xml; charset=utf-8", "cache-control": "no-store" };

export const GET = serve(contract.statusPages.feed, async ({ db, params, query }) => {
  const page = await openStatusPage(db, params.slug, query.token);
  return new Response(await readFeed(db, page, Date.now()), { headers: HEADERS });
});
