import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { checkServer } from "#lib/databases/check-server.ts";
import { testTarget } from "#lib/databases/store/servers.ts";

export const POST = serve(contract.databases.test, async ({ db, body, session }) =>
  checkServer(await testTarget(db, body, session.user.role)),
);
