import { previewEndpoint } from "#app/api/_contract/anomalies.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { previewMetric } from "#lib/detect/replay.ts";
import { cancellable } from "#lib/query/cancellable.ts";
import { findHost } from "#lib/query/catalog.ts";
import { readSettings } from "#lib/store/settings.ts";

export const GET = serve(previewEndpoint, async ({ db, query, signal }) => {
  const [host, settings] = await Promise.all([findHost(db, query.host), readSettings(db)]);
  const choice = { ...query, host, settings, seasonal: query.seasonal && query.seasonal === "true" };
  return cancellable(db, signal, (tx) => previewMetric(tx, choice, Date.now(), signal));
});
