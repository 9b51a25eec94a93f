import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { createSchedule, listSchedules } from "#lib/reports/schedule.ts";

export const GET = serve(contract.schedules.list, ({ db }) => listSchedules(db));

export const POST = serve(contract.schedules.create, async ({ db, body, session: { user } }) => {
  await createSchedule(db, body, { userId: user.id, role: user.role, now: Date.now() });
  return listSchedules(db);
});
