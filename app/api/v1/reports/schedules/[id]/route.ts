import { serve } from "#app/api/_serve/serve.ts";
import { removeScheduleEndpoint } from "#lib/contract/schedules.ts";
import { removeSchedule } from "#lib/reports/schedule.ts";

export const DELETE = serve(removeScheduleEndpoint, ({ db, params }) => removeSchedule(db, params.id));
