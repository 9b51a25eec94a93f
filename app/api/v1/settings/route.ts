import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSettings, writeSettings } from "#lib/settings/store.ts";

export const GET = serve(contract.settings.read, ({ db }) => readSettings(db));

export const PATCH = serve(contract.settings.update, ({ db, body, session }) =>
  writeSettings(db, body, session.user.id),
);
