import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import * as contract from "#lib/contract/index.ts";
import { optOut } from "#lib/reports/opt-out.ts";

export const POST = serve(contract.schedules.unsubscribe, ({ db, query }) => optOut(db, query.token, sessionSecret()));
