import { serve } from "#app/api/_serve/serve.ts";
import { createOnCall, listOnCall } from "#lib/alerts/on-call/schedules.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.onCall.list, ({ db }) => listOnCall(db, Date.now()));

export const POST = serve(contract.onCall.create, async ({ db, body }) => {
  await createOnCall(db, body);
  return listOnCall(db, Date.now());
});
