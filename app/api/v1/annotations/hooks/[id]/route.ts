import { serve } from "#app/api/_serve/serve.ts";
import { receiveEvent, removeHook } from "#lib/annotations/event-hooks.ts";
import { portalSecret } from "#lib/config/secret.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.eventHooks.receive, async ({ db, params, request }) => {
  const delivery = { body: await request.text(), headers: request.headers };
  return receiveEvent(db, params.id, delivery, { portalSecret: portalSecret(), now: Date.now() });
});

export const DELETE = serve(contract.eventHooks.remove, ({ db, params }) => removeHook(db, params.id));
