import { serve } from "#app/api/_serve/serve.ts";
import { createHook, listHooks } from "#lib/annotations/event-hooks.ts";
import { portalSecret } from "#lib/config/secret.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.eventHooks.list, ({ db }) => listHooks(db));

export const POST = serve(contract.eventHooks.create, ({ db, body, session }) =>
  createHook(db, body, session.user.id, portalSecret()),
);
