import { serve } from "#app/api/_serve/serve.ts";
import { whoWouldGet } from "#lib/alerts/receivers.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertRouting.test, ({ db, body }) => whoWouldGet(db, body));
