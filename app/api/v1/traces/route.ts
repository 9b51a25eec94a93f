import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { listTraces } from "#lib/otlp/traces/read-traces.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.traces.list, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  const { from, to } = parseSpan(query, Date.now());
  return { host, ...(await listTraces(db, host.id, { ...query, from: new Date(from), to: new Date(to) }, query)) };
});
