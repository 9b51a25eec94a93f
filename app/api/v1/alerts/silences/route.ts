import { serve } from "#app/api/_serve/serve.ts";
import { createSilence, listSilences } from "#lib/alerts/silences.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertSilences.list, ({ db }) => listSilences(db, Date.now()));

export const POST = serve(contract.alertSilences.create, async ({ db, body, session }) => {
  const now = Date.now();
  await createSilence(db, { startsAt: new Date(now), ...body }, session.user.id, now);
  return listSilences(db, now);
});
