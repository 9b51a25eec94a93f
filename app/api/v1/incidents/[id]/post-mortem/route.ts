import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readPostMortem, removePostMortem, savePostMortem } from "#lib/incidents/post-mortems.ts";

export const GET = serve(contract.postMortems.read, async ({ db, params, query }) =>
  readPostMortem(db, (await findHost(db, query.host)).id, params.id, Date.now()),
);

export const PUT = serve(contract.postMortems.save, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  return savePostMortem(db, { hostId, incidentId: params.id, userId: session.user.id, now: Date.now() }, body);
});

export const DELETE = serve(contract.postMortems.remove, async ({ db, params, query }) =>
  removePostMortem(db, (await findHost(db, query.host)).id, params.id),
);
