import { serve } from "#app/api/_serve/serve.ts";
import { listCatalogue } from "#lib/catalogue/list-metrics.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.catalogue.list, ({ db, query }) => listCatalogue(db, query));
