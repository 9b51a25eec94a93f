import { assertOwns } from "#lib/access/ownership.ts";
import { assertMay } from "#lib/access/permissions.ts";
import { emailsOfRoles, readRole, type UserInfo } from "#lib/access/users.ts";
import { anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import type { ReportType } from "#lib/contract/enums.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, invalidField, isDomainError } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { ensureJobs, sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { log } from "#lib/log.ts";
import { assertComposable, createReport, resolveComposition } from "#lib/reports/compose.ts";
import { mailJob } from "#lib/reports/deliver.ts";
import { isMailSet } from "#lib/settings/store.ts";
import { nextRun, previousRun } from "#lib/time/cron.ts";
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

/** @throws DomainError conflict where there is no mail server: a schedule would seem to work, and nothing would ever come */
async function assertMailSet(db: Connection): Promise<void> {
  if (await isMailSet(db)) return;
  throw new DomainError(
    "conflict",
    "No mail server is set, so that nothing would be sent: set the server and the sender in Settings, General, first",
  );
}

/** Creates a schedule; answers its id. @throws DomainError validation, conflict without a mail server, and as resolveComposition */
export async function createSchedule(
  db: Database,
  plan: SchedulePlan,
  { userId, role, now }: { userId: string; role: Role; now: number },
): Promise<number> {
  await assertMailSet(db);
  assertComposable(await resolveComposition(db, plan), role);
  if (plan.recipients.length + plan.roles.length === 0) {
    const message = "Name at least one recipient or role";
    throw invalidField("recipients", message);
  }
  await assertHosts(db, plan.hostIds);
  const nextAt = nextRun(plan, now);
  return db.$transaction(async (tx) => {
    const data = { ...plan, nextAt, createdBy: userId };
    const { id } = await tx.reportSchedule.create({ data, select: { id: true } });
    await sendJob(tx, "report schedule", runJob({ id, nextAt }));
    return id;
  });
}

/** The job of a schedule's next run. */
const runJob = ({ id, nextAt }: { id: number; nextAt: Date }) => ({
  key: `${id} ${nextAt.toISOString()}`,
  payload: { id },
  runAt: nextAt,
});

/** Queues the next runs that have no job: after an upgrade or a restore. */
export async function queueSchedules(db: Connection): Promise<number> {
  const rows = await db.reportSchedule.findMany({ where: { enabled: true }, select: { id: true, nextAt: true } });
  return ensureJobs(db, "report schedule", rows.map(runJob));
}

const DELIVERIES = {
  orderBy: { id: "desc" },
  take: 5,
  select: { recipient: true, dueAt: true, sentAt: true, failure: true, failedAt: true },
} as const;

/** All schedules with their newest deliveries. */
export const listSchedules = (db: Connection) =>
  db.reportSchedule.findMany({
    orderBy: { name: "asc" },
    omit: { createdBy: true },
    include: { deliveries: DELIVERIES },
  });

/** Deletes a schedule. @throws DomainError not-found; forbidden for another's, unless all may be managed */
export async function removeSchedule(db: Connection, id: number, user: Pick<UserInfo, "id" | "role">): Promise<void> {
  const row = await db.reportSchedule.findUnique({ where: { id }, select: { createdBy: true } });
  if (!row) throw noSuch(id);
  assertOwns(user, row.createdBy, "schedule");
  await db.reportSchedule.deleteMany({ where: { id } });
}

const noSuch = (id: number) => new DomainError("not-found", `There is no schedule ${id}`);

type Row = Awaited<ReturnType<Database["reportSchedule"]["findMany"]>>[number];

/** Addresses of a schedule: its own, and of whoever has its roles now, less those who unsubscribed. */
async function addressesOf(db: Connection, { id, recipients, roles }: Row): Promise<string[]> {
  const [others, optOuts] = await Promise.all([
    emailsOfRoles(
      db,
      ROLES.filter((role) => roles.includes(role)),
    ),
    db.mailOptOut.findMany({ where: { scheduleId: id }, select: { email: true } }),
  ]);
  const unsubscribed = new Set(optOuts.map(({ email }) => email));
  const addresses = new Set([...recipients, ...others].map((address) => address.toLowerCase()));
  return [...addresses].filter((address) => !unsubscribed.has(address));
}

async function nothingHappened(db: Connection, { hostIds }: Row, from: number, to: number): Promise<boolean> {
  const wanted = hostIds.length > 0 ? hostIds : [undefined];
  const counted = await Promise.all(wanted.map((hostId) => anomalyTimeline(db, { hostId, from, to, points: 10 })));
  return counted.every(({ perDay }) => perDay === 0);
}

/** The role of whoever a schedule acts for, as it is now. @throws DomainError forbidden where they may no longer create reports */
async function creatorRole(db: Connection, { createdBy }: Row): Promise<Role> {
  const role = createdBy === null ? undefined : await readRole(db, createdBy);
  if (role === undefined)
    throw new DomainError("forbidden", "The account that created this schedule is closed: create the schedule anew");
  assertMay(role, "reports:write");
  return role;
}

/** Creates a schedule's report as of `dueAt` with the rights that its creator has now, and a mail for each address; again for the same instant it creates no mail twice. */
async function createMails(db: Database, schedule: Row, dueAt: Date, now: number): Promise<number> {
  const [from, to] = [dueAt.getTime() - schedule.days * DAY_MS, dueAt.getTime()];
  const role = await creatorRole(db, schedule);
  if (schedule.quiet && (await nothingHappened(db, schedule, from, to))) return 0;
  const { id: scheduleId, type, templateId } = schedule;
  const hostIds = templateId === null ? schedule.hostIds : undefined;
  const request = { type, templateId, hostIds, from, to };
  const reportId = await createReport(db, request, { userId: schedule.createdBy, role, now });
  const addresses = await addressesOf(db, schedule);
  return db.$transaction(async (tx) => {
    const data = addresses.map((recipient) => ({ scheduleId, dueAt, recipient, reportId }));
    const created = await tx.reportDelivery.createManyAndReturn({ data, skipDuplicates: true, select: { id: true } });
    for (const { id } of created) await sendJob(tx, "mail", { ...mailJob(id), runAt: new Date(now) });
    return created.length;
  });
}

/** The newest run that is due, and the one after it: of those that were missed, all but the newest are left out. */
function dueRun(schedule: Row, now: number): { dueAt: Date; next: Date } {
  const next = nextRun(schedule, Math.max(now, schedule.nextAt.getTime()));
  const newest = previousRun(schedule, now);
  return { dueAt: newest && newest > schedule.nextAt ? newest : schedule.nextAt, next };
}

/** Gives a run up and queues the next, so that a schedule goes on once what it failed by is mended. One that has no next run stays. */
async function skipRun(db: Database, id: number, now: number): Promise<void> {
  const schedule = await db.reportSchedule.findUnique({ where: { id } });
  if (!schedule?.enabled || schedule.nextAt.getTime() > now) return;
  let nextAt: Date;
  try {
    nextAt = nextRun(schedule, now);
  } catch {
    return;
  }
  await moveOn(db, id, { nextAt });
}

/** Writes down when a schedule runs next, and queues that. */
async function moveOn(db: Database, id: number, data: { nextAt: Date; failure?: string | null }): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.reportSchedule.update({ where: { id }, data });
    await sendJob(tx, "report schedule", runJob({ id, nextAt: data.nextAt }));
  });
}

/** Failures that trying again does not mend: what a person did, or has to do. */
const LASTING = ["forbidden", "not-found", "validation", "too-costly"];

/**
 * Runs a schedule and queues its next run. A run that fails is tried again, with the reason on the schedule, unless that would fail alike. A kill after the mails were
 * created makes the report again, and no mail twice.
 */
const scheduleHandler = (
  db: Database,
  now: () => number,
  onMails: (count: number) => void = () => undefined,
): JobHandler<{ id: number }> => ({
  async run({ id }) {
    const [at, schedule] = [now(), await db.reportSchedule.findUnique({ where: { id } })];
    if (!schedule?.enabled || schedule.nextAt.getTime() > at) return;
    const { dueAt, next } = dueRun(schedule, at);
    let failure: string | null = null;
    try {
      onMails(await createMails(db, schedule, dueAt, at));
    } catch (error) {
      if (!isDomainError(error) || !LASTING.includes(error.type)) throw error;
      failure = error.message;
      log.warn({ schedule: id, reason: failure }, "a scheduled report was not created");
    }
    await moveOn(db, id, { nextAt: next, failure });
  },
  async failed({ id }, reason, last) {
    await db.reportSchedule.updateMany({ where: { id }, data: { failure: reason } });
    if (last) await skipRun(db, id, now());
  },
});

/** Runs the schedules that are due; answers how many mails they made. One that fails stops no other. */
export async function runSchedules(db: Database, options: WorkOptions = {}): Promise<number> {
  let mails = 0;
  const handler = scheduleHandler(db, options.now ?? Date.now, (count) => {
    mails += count;
  });
  await runDueJobs(db, "report schedule", handler, options);
  return mails;
}

/** Creates a schedule's report and mails now, whatever the clock says. @throws DomainError not-found */
export async function sendNow(db: Database, id: number, now: number): Promise<number> {
  const schedule = await db.reportSchedule.findUnique({ where: { id } });
  if (!schedule) throw noSuch(id);
  await assertMailSet(db);
  return createMails(db, { ...schedule, quiet: false }, new Date(now), now);
}
