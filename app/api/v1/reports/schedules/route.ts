import { createScheduleEndpoint, schedulesEndpoint } from "#app/api/_contract/mail.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { assertMay } from "#lib/access/permissions.ts";
import { createSchedule, listSchedules } from "#lib/report/schedule.ts";

export const GET = serve(schedulesEndpoint, ({ db }) => listSchedules(db));

export const POST = serve(createScheduleEndpoint, async ({ db, body, session: { user } }) => {
  if (body.type === "audit") assertMay(user.role, "audit:read");
  await createSchedule(db, body, { userId: user.id, now: Date.now() });
  return listSchedules(db);
});
