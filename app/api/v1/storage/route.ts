import { serve } from "#app/api/_serve/serve.ts";
import { storageEndpoint } from "#lib/contract/settings.ts";
import { readSettings } from "#lib/settings/store.ts";
import { measureStorage, planRetention } from "#lib/tsdb/maintenance.ts";

export const GET = serve(storageEndpoint, async ({ db }) => {
  const now = Date.now();
  const [storage, retention] = await Promise.all([
    measureStorage(db, now),
    readSettings(db).then((settings) => planRetention(db, settings, now)),
  ]);
  return { ...storage, retention };
});
