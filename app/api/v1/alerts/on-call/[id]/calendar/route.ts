import { serve } from "#app/api/_serve/serve.ts";
import { calendarUrl } from "#lib/alerts/on-call/calendar.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.onCall.calendarUrl, ({ db, params }) => calendarUrl(db, params.id, Date.now()));
