import { serve } from "#app/api/_serve/serve.ts";
import { readApplicationHistory } from "#lib/applications/read-applications.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.applications.history, async ({ db, query, signal }) => {
  const { id: host } = await findHost(db, query.host);
  return readApplicationHistory(db, { ...query, host, ...parseSpan(query, Date.now()), signal });
});
