import { removeScheduleEndpoint } from "#app/api/_contract/mail.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { removeSchedule } from "#lib/reports/schedule.ts";

export const DELETE = serve(removeScheduleEndpoint, ({ db, params }) => removeSchedule(db, params.id));
