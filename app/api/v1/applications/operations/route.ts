import { serve } from "#app/api/_serve/serve.ts";
import { listOperations } from "#lib/applications/read-applications.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.applications.operations, async ({ db, query, signal }) => {
  const { id: host } = await findHost(db, query.host);
  const span = { ...parseSpan(query, Date.now()), threshold: query.threshold, signal };
  return listOperations(db, { host, service: query.service }, span);
});
