import { serve } from "#app/api/_serve/serve.ts";
import { readSettingsEndpoint, writeSettingsEndpoint } from "#lib/contract/settings.ts";
import { readSettings, writeSettings } from "#lib/settings/store.ts";

export const GET = serve(readSettingsEndpoint, ({ db }) => readSettings(db));

export const PATCH = serve(writeSettingsEndpoint, ({ db, body, session }) => writeSettings(db, body, session.user.id));
