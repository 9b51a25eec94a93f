import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const GET = serve(contract.series.list, async ({ db, query }) =>
  listSeries(db, (await findHost(db, query.host)).id),
);
