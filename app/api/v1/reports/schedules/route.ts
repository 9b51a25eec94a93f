import { serve } from "#app/api/_serve/serve.ts";
import { createScheduleEndpoint, schedulesEndpoint } from "#lib/contract/schedules.ts";
import { createSchedule, listSchedules } from "#lib/reports/schedule.ts";

export const GET = serve(schedulesEndpoint, ({ db }) => listSchedules(db));

export const POST = serve(createScheduleEndpoint, async ({ db, body, session: { user } }) => {
  await createSchedule(db, body, { userId: user.id, role: user.role, now: Date.now() });
  return listSchedules(db);
});
