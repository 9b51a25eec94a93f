import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readServer } from "#lib/databases/list-servers.ts";
import { removeServer, replaceServer } from "#lib/databases/store/servers.ts";

export const GET = serve(contract.databases.read, ({ db, params }) => readServer(db, params.id, Date.now()));

export const PUT = serve(contract.databases.replace, async ({ db, params, body, session }) => {
  await replaceServer(db, params.id, body, session.user.role);
  return readServer(db, params.id, Date.now());
});

export const DELETE = serve(contract.databases.remove, ({ db, params }) => removeServer(db, params.id));
