import { serve } from "#app/api/_serve/serve.ts";
import { openStatusPage } from "#lib/alerts/status-pages.ts";
import { readStatus } from "#lib/alerts/status-report.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.statusPages.read, async ({ db, params, query }) =>
  readStatus(db, await openStatusPage(db, params.slug, query.token), Date.now()),
);
