import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSettings } from "#lib/settings/store.ts";
import { measureStorage, planRetention } from "#lib/tsdb/maintenance.ts";

export const GET = serve(contract.storage.read, async ({ db }) => {
  const now = Date.now();
  const [storage, retention] = await Promise.all([
    measureStorage(db, now),
    readSettings(db).then((settings) => planRetention(db, settings, now)),
  ]);
  return { ...storage, retention };
});
