import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSettingsView } from "#lib/databases/catalog-views.ts";

export const GET = serve(contract.databaseCatalog.settings, ({ db, params }) => readSettingsView(db, params.id));
