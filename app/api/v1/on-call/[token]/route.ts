import { serve } from "#app/api/_serve/serve.ts";
import { readCalendar } from "#lib/alerts/on-call/calendar.ts";
import * as contract from "#lib/contract/index.ts";

const HEADERS = { "content-type": "text/calendar; charset=utf-8", "cache-control": "no-store" };

export const GET = serve(
  contract.onCall.calendar,
  async ({ db, params }) => new Response(await readCalendar(db, params.token, Date.now()), { headers: HEADERS }),
);
