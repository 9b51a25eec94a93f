import { serve } from "#app/api/_serve/serve.ts";
import { seriesEndpoint } from "#lib/contract/hosts.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const GET = serve(seriesEndpoint, async ({ db, query }) => listSeries(db, (await findHost(db, query.host)).id));
