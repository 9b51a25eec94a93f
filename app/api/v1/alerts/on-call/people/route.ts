import { serve } from "#app/api/_serve/serve.ts";
import { listOnCallPeople } from "#lib/alerts/on-call/schedules.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.onCall.people, ({ db }) => listOnCallPeople(db));
