import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { listExemplars } from "#lib/otlp/metrics/exemplars.ts";

export const GET = serve(contract.exemplars.list, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return { host, exemplars: await listExemplars(db, host.id, query.metric) };
});
