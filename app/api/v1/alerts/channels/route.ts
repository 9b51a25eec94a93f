import { serve } from "#app/api/_serve/serve.ts";
import { listChannels } from "#lib/alerts/channels/list-channels.ts";
import { createChannel } from "#lib/alerts/channels/store.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertChannels.list, ({ db }) => listChannels(db));

export const POST = serve(contract.alertChannels.create, async ({ db, body, session: { user } }) => {
  await createChannel(db, body, user);
  return listChannels(db);
});
