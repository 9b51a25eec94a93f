import { Cron } from "croner";
import { anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import type { ReportType } from "#lib/contract/enums.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { assertComposable, createReport, resolveComposition } from "#lib/reports/compose.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export type SchedulePlan = {
  name: string;
  type: ReportType;
  /** In place of a type and hosts. */
  templateId: number | null;
  hostIds: number[];
  /** How many days each report looks back. */
  days: number;
  cron: string;
  zone: string;
  recipients: string[];
  roles: Role[];
  /** Send nothing when nothing was abnormal. */
  quiet: boolean;
};

/** When a schedule is due next after an instant (ms), by the clock of its zone, over changes of clocks too. @throws DomainError validation */
export function nextRun({ cron, zone }: Pick<SchedulePlan, "cron" | "zone">, after: number): Date {
  const refuse = (field: string, message: string): never => {
    throw new DomainError("validation", message, { fields: [{ field, message }] });
  };
  try {
    const next = new Cron(cron, { timezone: zone, paused: true }).nextRun(new Date(after));
    return next ?? refuse("cron", `"${cron}" never comes: name a time that does`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    return refuse(
      "cron",
      `"${cron}" in "${zone}" is no schedule: write five cron fields such as 0 7 * * 1, and an IANA zone`,
    );
  }
}

export async function createSchedule(
  db: Database,
  plan: SchedulePlan,
  { userId, role, now }: { userId: string; role: Role; now: number },
): Promise<number> {
  assertComposable(await resolveComposition(db, plan), role);
  if (plan.recipients.length + plan.roles.length === 0) {
    const message = "Name at least one recipient or role";
    throw new DomainError("validation", message, { fields: [{ field: "recipients", message }] });
  }
  const data = { ...plan, nextAt: nextRun(plan, now), createdBy: userId };
  return (await db.reportSchedule.create({ data, select: { id: true } })).id;
}

const DELIVERIES = {
  orderBy: { id: "desc" },
  take: 5,
  select: { recipient: true, dueAt: true, sentAt: true, failure: true },
} as const;

/** All schedules with their newest deliveries. */
export const listSchedules = (db: Connection) =>
  db.reportSchedule.findMany({
    orderBy: { name: "asc" },
    omit: { createdBy: true },
    include: { deliveries: DELIVERIES },
  });

export type ScheduleInfo = Awaited<ReturnType<typeof listSchedules>>[number];

/** @throws DomainError not-found */
export async function removeSchedule(db: Connection, id: number): Promise<void> {
  const { count } = await db.reportSchedule.deleteMany({ where: { id } });
  if (count === 0) throw noSuch(id);
}

const noSuch = (id: number) => new DomainError("not-found", `There is no schedule ${id}`);

type Row = Awaited<ReturnType<Database["reportSchedule"]["findMany"]>>[number];

/** Addresses of a schedule: its own, and of whoever has its roles now, less those who want no more. */
async function addressesOf(db: Connection, { id, recipients, roles }: Row): Promise<string[]> {
  const known = ROLES.filter((role) => roles.includes(role));
  const [users, silenced] = await Promise.all([
    db.user.findMany({ where: { role: { in: known }, disabledAt: null }, select: { email: true } }),
    db.mailOptOut.findMany({ where: { scheduleId: id }, select: { email: true } }),
  ]);
  const left = new Set(silenced.map(({ email }) => email));
  return [...new Set([...recipients, ...users.map(({ email }) => email)].map((one) => one.toLowerCase()))].filter(
    (one) => !left.has(one),
  );
}

async function nothingHappened(db: Connection, { hostIds }: Row, from: number, to: number): Promise<boolean> {
  const wanted = hostIds.length > 0 ? hostIds : [undefined];
  const counted = await Promise.all(wanted.map((hostId) => anomalyTimeline(db, { hostId, from, to, points: 10 })));
  return counted.every(({ perDay }) => perDay === 0);
}

/** Makes a schedule's report as of `dueAt`, and a mail for each address; again for the same instant it makes no mail twice. */
async function make(db: Database, schedule: Row, dueAt: Date, now: number): Promise<number> {
  const [from, to] = [dueAt.getTime() - schedule.days * DAY_MS, dueAt.getTime()];
  if (schedule.quiet && (await nothingHappened(db, schedule, from, to))) return 0;
  const { templateId } = schedule;
  const hostIds = templateId === null ? schedule.hostIds : undefined;
  const asked = { type: schedule.type as ReportType, templateId, hostIds, from, to };
  const reportId = await createReport(db, asked, { userId: schedule.createdBy, now });
  const addresses = await addressesOf(db, schedule);
  const data = addresses.map((recipient) => ({
    scheduleId: schedule.id,
    dueAt,
    recipient,
    reportId,
    tryAt: new Date(now),
  }));
  return (await db.reportDelivery.createMany({ data, skipDuplicates: true })).count;
}

/**
 * Makes what is due. Runs that were missed are caught up by one, of the newest of them. A kill after the mails were made and before the
 * schedule moved on makes the report again, and no mail twice.
 */
export async function runDue(db: Database, now: number): Promise<number> {
  const due = await db.reportSchedule.findMany({ where: { enabled: true, nextAt: { lte: new Date(now) } } });
  let mails = 0;
  for (const schedule of due) {
    let newest = schedule.nextAt;
    let next = nextRun(schedule, newest.getTime());
    while (next.getTime() <= now) [newest, next] = [next, nextRun(schedule, next.getTime())];
    mails += await make(db, schedule, newest, now);
    await db.reportSchedule.updateMany({ where: { id: schedule.id, nextAt: schedule.nextAt }, data: { nextAt: next } });
  }
  return mails;
}

/** Makes a schedule's report and mails now, whatever the clock says. @throws DomainError not-found */
export async function sendNow(db: Database, id: number, now: number): Promise<number> {
  const schedule = await db.reportSchedule.findUnique({ where: { id } });
  if (!schedule) throw noSuch(id);
  return make(db, { ...schedule, quiet: false }, new Date(now), now);
}
