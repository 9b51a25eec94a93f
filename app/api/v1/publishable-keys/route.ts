import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { createPublishableKey, listPublishableKeys } from "#lib/experiments/publishable-keys.ts";

export const GET = serve(contract.publishableKeys.list, ({ db }) => listPublishableKeys(db));

export const POST = serve(contract.publishableKeys.create, ({ db, body, session }) =>
  createPublishableKey(db, body, session.user.id),
);
