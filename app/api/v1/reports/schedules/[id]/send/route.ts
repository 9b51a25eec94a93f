import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { sendNow } from "#lib/reports/schedule.ts";

export const POST = serve(contract.schedules.send, async ({ db, params }) => ({
  mails: await sendNow(db, params.id, Date.now()),
}));
