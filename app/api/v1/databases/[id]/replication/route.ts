import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readReplicationView } from "#lib/databases/catalog-views.ts";

export const GET = serve(contract.databaseCatalog.replication, ({ db, params }) => readReplicationView(db, params.id));
