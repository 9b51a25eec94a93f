import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removeSchedule } from "#lib/reports/schedule.ts";

export const DELETE = serve(contract.schedules.remove, ({ db, params, session }) =>
  removeSchedule(db, params.id, session.user),
);
