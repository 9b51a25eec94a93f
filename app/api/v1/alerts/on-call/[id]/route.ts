import { serve } from "#app/api/_serve/serve.ts";
import { listOnCall, removeOnCall, replaceOnCall } from "#lib/alerts/on-call/schedules.ts";
import * as contract from "#lib/contract/index.ts";

export const PUT = serve(contract.onCall.replace, async ({ db, params, body }) => {
  await replaceOnCall(db, params.id, body);
  return listOnCall(db, Date.now());
});

export const DELETE = serve(contract.onCall.remove, ({ db, params }) => removeOnCall(db, params.id));
