import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readTablesView } from "#lib/databases/catalog-views.ts";

export const GET = serve(contract.databaseCatalog.tables, ({ db, params }) => readTablesView(db, params.id));
