import { serve } from "#app/api/_serve/serve.ts";
import { previewDetection } from "#lib/anomalies/backtest.ts";
import * as contract from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readSettings } from "#lib/settings/store.ts";

export const GET = serve(contract.detection.preview, async ({ db, query, signal }) => {
  const [host, settings] = await Promise.all([findHost(db, query.host), readSettings(db)]);
  const choice = { ...query, host, settings };
  return cancellable(db, signal, (tx) => previewDetection(tx, choice, Date.now(), signal));
});
