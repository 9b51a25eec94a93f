import { serve } from "#app/api/_serve/serve.ts";
import { chartForHosts } from "#lib/catalogue/chart-expression.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.catalogue.chart, ({ db, query, signal }) =>
  chartForHosts(db, { ...query, ...parseSpan(query, Date.now()) }, signal),
);
