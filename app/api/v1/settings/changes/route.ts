import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listSettingChanges } from "#lib/settings/store.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.settings.changes, ({ db, query }) =>
  listSettingChanges(db, parseSpan(query, Date.now())),
);
