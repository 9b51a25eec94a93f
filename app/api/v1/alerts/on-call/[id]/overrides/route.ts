import { serve } from "#app/api/_serve/serve.ts";
import { listOnCall, overrideOnCall } from "#lib/alerts/on-call/schedules.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.onCall.override, async ({ db, params, body }) => {
  await overrideOnCall(db, params.id, body);
  return listOnCall(db, Date.now());
});
