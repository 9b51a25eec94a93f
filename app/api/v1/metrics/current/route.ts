import { serve } from "#app/api/_serve/serve.ts";
import { currentMetricsEndpoint } from "#lib/contract/metrics.ts";
import { currentMetrics } from "#lib/hosts/current.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(currentMetricsEndpoint, async ({ db, query }) =>
  currentMetrics(db, await findHost(db, query.host)),
);
