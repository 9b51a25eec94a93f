import { serve } from "#app/api/_serve/serve.ts";
import { listSignIns } from "#lib/audit/trail.ts";
import * as contract from "#lib/contract/index.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export const GET = serve(contract.account.signIns, ({ db, session }) =>
  listSignIns(db, session.user.email, Date.now() - 30 * DAY_MS),
);
