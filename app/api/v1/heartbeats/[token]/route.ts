import { serve } from "#app/api/_serve/serve.ts";
import { reportHeartbeat } from "#lib/alerts/heartbeats.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.heartbeats.report, ({ db, params, query: { failed = false, note = "" } }) =>
  reportHeartbeat(db, params.token, { failed, note, now: Date.now() }),
);

export const GET = serve(contract.heartbeats.reportByGet, ({ db, params }) =>
  reportHeartbeat(db, params.token, { failed: false, note: "", now: Date.now() }),
);
