import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { currentMetrics } from "#lib/hosts/current.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.metrics.current, async ({ db, query }) =>
  currentMetrics(db, await findHost(db, query.host)),
);
