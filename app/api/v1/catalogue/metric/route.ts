import { serve } from "#app/api/_serve/serve.ts";
import { readMetric } from "#lib/catalogue/read-metric.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.catalogue.read, ({ db, query }) => readMetric(db, query));
