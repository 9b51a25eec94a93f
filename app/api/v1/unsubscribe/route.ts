import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { unsubscribeEndpoint } from "#lib/contract/schedules.ts";
import { optOut } from "#lib/reports/opt-out.ts";

export const POST = serve(unsubscribeEndpoint, ({ db, query }) => optOut(db, query.token, sessionSecret()));
