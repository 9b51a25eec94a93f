import { serve } from "#app/api/_serve/serve.ts";
import { readLevels } from "#lib/alerts/levels.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";

export const GET = serve(contract.metrics.overview, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return overviewCards(db, host.id, Date.now(), await readLevels(db, host.id));
});
