import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listServers, readServer } from "#lib/databases/list-servers.ts";
import { createServer, ownHostId } from "#lib/databases/store/servers.ts";

export const GET = serve(contract.databases.list, ({ db, query }) => listServers(db, query.host, Date.now()));

export const POST = serve(contract.databases.create, async ({ db, body, session }) => {
  const { id, role } = session.user;
  const hostId = body.hostId ?? (await ownHostId(db));
  return readServer(db, await createServer(db, { ...body, hostId }, { id, role }), Date.now());
});
