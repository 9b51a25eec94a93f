import { serve } from "#app/api/_serve/serve.ts";
import { readSignals } from "#lib/applications/read-signals.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.applications.signals, async ({ db, query, signal }) => {
  const { id: host } = await findHost(db, query.host);
  return readSignals(db, { ...query, host, ...parseSpan(query, Date.now()), signal });
});
