import { serve } from "#app/api/_serve/serve.ts";
import { identifyHost } from "#lib/collect/host.ts";
import { contract } from "#lib/contract/index.ts";
import { listServers, readServer } from "#lib/databases/list-servers.ts";
import { createServer } from "#lib/databases/store/servers.ts";
import { registerHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.databases.list, ({ db, query }) => listServers(db, query.host, Date.now()));

export const POST = serve(contract.databases.create, async ({ db, body, session }) => {
  const ownHost = body.hostId ?? (await registerHost(db, await identifyHost()));
  const { id, role } = session.user;
  return readServer(db, await createServer(db, body, { id, role, ownHost }), Date.now());
});
