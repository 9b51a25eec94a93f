import { currentMetricsEndpoint } from "#app/api/_contract/metrics.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { findHost } from "#lib/query/catalog.ts";
import { currentMetrics } from "#lib/query/current.ts";

export const GET = serve(currentMetricsEndpoint, async ({ db, query }) =>
  currentMetrics(db, await findHost(db, query.host)),
);
