import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readTrace } from "#lib/otlp/traces/read-traces.ts";

export const GET = serve(contract.traces.read, async ({ db, params, query }) => {
  const host = await findHost(db, query.host);
  return { host, ...(await readTrace(db, host.id, params.id)) };
});
