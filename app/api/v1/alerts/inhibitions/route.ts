import { serve } from "#app/api/_serve/serve.ts";
import { createInhibition, listInhibitions } from "#lib/alerts/inhibitions.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertRouting.inhibitions, ({ db }) => listInhibitions(db));

export const POST = serve(contract.alertRouting.createInhibition, async ({ db, body }) => {
  await createInhibition(db, body);
  return listInhibitions(db);
});
