import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { mergeHosts } from "#lib/merge/merge-hosts.ts";

export const POST = serve(contract.hosts.merge, ({ db, params, body }) =>
  mergeHosts(db, { from: params.id, into: body.into }),
);
