import { serve } from "#app/api/_serve/serve.ts";
import { readAlert } from "#lib/alerts/list-alerts.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.alerts.read, async ({ db, params, query }) => {
  const { id } = await findHost(db, query.host);
  return readAlert(db, id, params.id);
});
