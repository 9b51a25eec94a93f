import { serve } from "#app/api/_serve/serve.ts";
import { explainAlert } from "#lib/alerts/explain-alert.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.alertCauses.explain, async ({ db, params, query }) => {
  const { id } = await findHost(db, query.host);
  return explainAlert(db, id, params.id, Date.now());
});
