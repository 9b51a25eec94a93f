import { serve } from "#app/api/_serve/serve.ts";
import { sendNowEndpoint } from "#lib/contract/schedules.ts";
import { sendNow } from "#lib/reports/schedule.ts";

export const POST = serve(sendNowEndpoint, async ({ db, params }) => ({
  mails: await sendNow(db, params.id, Date.now()),
}));
