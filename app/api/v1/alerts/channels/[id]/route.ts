import { serve } from "#app/api/_serve/serve.ts";
import { listChannels } from "#lib/alerts/channels/list-channels.ts";
import { removeChannel, replaceChannel } from "#lib/alerts/channels/store.ts";
import * as contract from "#lib/contract/index.ts";

export const PUT = serve(contract.alertChannels.replace, async ({ db, params, body, session }) => {
  await replaceChannel(db, params.id, body, session.user.role);
  return listChannels(db);
});

export const DELETE = serve(contract.alertChannels.remove, ({ db, params }) => removeChannel(db, params.id));
