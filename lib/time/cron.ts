import { Cron } from "croner";
import { invalidField } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { zoneOffset } from "#lib/time/instant.ts";

/** A schedule of five fields, by the clock of a zone. */
export type CronPlan = { cron: string; zone: string };

/** Five fields and nothing else: croner also takes a single instant, a nickname, and fields for seconds and years. */
function parseCron({ cron, zone }: CronPlan, field: string): Cron {
  zoneOffset(zone, 0);
  try {
    if (cron.trim().split(/\s+/).length !== 5) throw new Error("it has not five fields");
    return new Cron(cron, { timezone: zone, paused: true, mode: "5-part" });
  } catch (error) {
    const reason = reasonOf(error).replace(/^CronPattern: /, "");
    throw invalidField(
      field,
      `"${cron}" is no schedule (${reason}): write five fields, minute hour day month weekday, such as 0 7 * * 1`,
    );
  }
}

/** The newest run up to an instant (ms), if there was any. @throws DomainError validation */
export const previousRun = (plan: CronPlan, upTo: number): Date | undefined =>
  parseCron(plan, "cron").previousRuns(1, new Date(upTo + 1))[0];

/** When a schedule is due next after an instant (ms), by the clock of its zone, over changes of clocks too. @throws DomainError validation, of `field` */
export function nextRun(plan: CronPlan, after: number, field = "cron"): Date {
  const next = parseCron(plan, field).nextRun(new Date(after));
  if (next) return next;
  throw invalidField(field, `"${plan.cron}" never comes: name a day that there is`);
}
