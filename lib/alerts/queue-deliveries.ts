import { listReceivers } from "#lib/alerts/receivers.ts";
import { matchedLabels } from "#lib/alerts/silences.ts";
import type { HostScope, Transition } from "#lib/alerts/store-alerts.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert, Prisma } from "#lib/db/generated/client.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { ensureJobs, sendJob } from "#lib/jobs/queue.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What begins within this time (ms) on one host is one notification. */
const GROUP_WAIT_MS = 3 * SECOND_MS;

/** Numbers of deliveries of an alert to a channel: the steps of its route, then what was sent again. */
const FIRST_REPEAT = 1_000;

/** What a job sends: all that is due to a channel of a host. */
export type Payload = { hostId: number; channelId: number };

/** Deliveries that wait. */
export const WAITING = { sentAt: null, failedAt: null } as const;

type Due = { hostId: number; id: number; channelId: number; dueAt: Date };

/** The job of a delivery, or of all that are due to its channel with it: the same whoever queues it, also after an upgrade or a restore. */
const jobOf = ({ hostId, id, channelId, dueAt }: Due, runAt = dueAt) => ({
  key: `${channelId} ${dueAt.getTime()} ${hostId} ${id}`,
  payload: { hostId, channelId } satisfies Payload,
  runAt,
});

/** Sends a job for each host, channel and time: sent twice for the same deliveries it does nothing. */
async function sendJobs(tx: Connection, due: Due[]): Promise<void> {
  const groups = Map.groupBy(due, ({ hostId, channelId, dueAt }) => `${hostId} ${channelId} ${dueAt.getTime()}`);
  for (const [first] of groups.values()) if (first) await sendJob(tx, "alert", jobOf(first));
}

const DUE = { hostId: true, id: true, channelId: true, dueAt: true } as const;

/** Adds deliveries with their jobs; those that are there already stay as they are. */
async function addDeliveries(tx: Connection, data: Prisma.AlertDeliveryCreateManyInput[]): Promise<void> {
  if (data.length === 0) return;
  await sendJobs(tx, await tx.alertDelivery.createManyAndReturn({ data, skipDuplicates: true, select: DUE }));
}

/** Who hears that alerts fire: each step of their routes, those to come as well. */
async function firingDeliveries(scope: HostScope, alerts: Alert[]): Promise<Prisma.AlertDeliveryCreateManyInput[]> {
  const { tx, hostId, now } = scope;
  if (alerts.length === 0) return [];
  const receive = await listReceivers(tx);
  const host = (await hostNames(tx, [hostId])).get(hostId) ?? "";
  return alerts.flatMap((alert) =>
    receive({ hostId, severity: alert.severity, labels: matchedLabels(alert, host) })
      // That a channel fails is news for the others.
      .filter(({ name }) => alert.ruleId !== 0 || (alert.labels as Record<string, string>).channel !== name)
      .map(({ channelId, step, afterMs, repeatMs }) => ({
        ...{ hostId, alertId: alert.id, channelId, state: "firing", number: step, repeatMs },
        ...{ at: new Date(now), dueAt: new Date(now + (afterMs || GROUP_WAIT_MS)) },
      })),
  );
}

/** Whoever was to hear that alerts fire hears that they are over. */
async function resolvedDeliveries(
  { tx, hostId, now }: HostScope,
  alertIds: number[],
): Promise<Prisma.AlertDeliveryCreateManyInput[]> {
  if (alertIds.length === 0) return [];
  const announced = await tx.alertDelivery.findMany({
    where: { hostId, alertId: { in: alertIds }, state: "firing" },
    distinct: ["alertId", "channelId"],
    select: { alertId: true, channelId: true },
  });
  const times = { at: new Date(now), dueAt: new Date(now + GROUP_WAIT_MS) };
  return announced.map((row) => ({ hostId, ...row, state: "resolved", number: 0, repeatMs: 0, ...times }));
}

/**
 * Queues, in the transaction that stores changes of a host's alerts, the notifications of them: once for each, whoever stores it. A channel gets
 * one for all of them.
 */
export async function queueDeliveries(scope: HostScope, transitions: Transition[]): Promise<void> {
  const { tx, hostId } = scope;
  const idsOf = (wanted: Transition["state"]) =>
    transitions.flatMap(({ state, alertId }) => (state === wanted ? [alertId] : []));
  const fired = idsOf("firing");
  const alerts = fired.length > 0 ? await tx.alert.findMany({ where: { hostId, id: { in: fired } } }) : [];
  await addDeliveries(tx, [
    ...(await firingDeliveries(scope, alerts)),
    ...(await resolvedDeliveries(scope, idsOf("resolved"))),
  ]);
}

/** Notifies the channels of an alert again at an instant, if it still fires then and nobody works on it. */
export async function notifyAgain({ tx, hostId, now }: HostScope, alertId: number, at: Date): Promise<void> {
  const channels = await tx.alertDelivery.groupBy({
    by: ["channelId"],
    where: { hostId, alertId, state: "firing" },
    _max: { number: true, repeatMs: true },
  });
  const data = channels.map(({ channelId, _max }) => ({
    ...{ hostId, alertId, channelId, state: "firing" as const, at: new Date(now), dueAt: at },
    number: Math.max(FIRST_REPEAT, (_max.number ?? 0) + 1),
    repeatMs: _max.repeatMs ?? 0,
  }));
  await addDeliveries(tx, data);
}

/** A delivery that was sent, as it is sent again. */
export type Repeated = { alertId: number; channelId: number; number: number; repeatMs: number };

/** Queues what is to be sent again while its alert fires, each after its own time. */
export async function repeatDeliveries({ tx, hostId, now }: HostScope, sent: Repeated[]): Promise<void> {
  const data = sent.map(({ alertId, channelId, number, repeatMs }) => ({
    ...{ hostId, alertId, channelId, state: "firing" as const, repeatMs },
    number: Math.max(FIRST_REPEAT, number + 1),
    ...{ at: new Date(now), dueAt: new Date(now + repeatMs) },
  }));
  await addDeliveries(tx, data);
}

/** Queues deliveries that wait and have no job: after an upgrade or a restore. */
export async function queueWaitingDeliveries(db: Connection, now: number): Promise<number> {
  const rows = await db.alertDelivery.findMany({ where: WAITING, select: DUE });
  const jobs = rows.map((row) => jobOf(row, row.dueAt > new Date(now) ? row.dueAt : new Date(now)));
  return ensureJobs(db, "alert", jobs);
}

/** Makes deliveries due at an instant (ms), with jobs; answers how many. */
async function reschedule(
  tx: Connection,
  where: Prisma.AlertDeliveryWhereInput,
  at: number,
  data: Prisma.AlertDeliveryUpdateManyMutationInput,
): Promise<number> {
  const rows = await tx.alertDelivery.findMany({ where, select: DUE });
  const dueAt = new Date(at);
  await tx.alertDelivery.updateMany({ where, data: { ...data, dueAt } });
  await sendJobs(
    tx,
    rows.map((row) => ({ ...row, dueAt })),
  );
  return rows.length;
}

/** Puts off deliveries of a host, with what holds them; they count as not tried. */
export async function putOff(
  tx: Connection,
  hostId: number,
  rows: { id: number }[],
  { until, held, silenceId }: { until: number; held: string; silenceId: number | null },
): Promise<void> {
  const where = { hostId, id: { in: rows.map(({ id }) => id) } };
  await reschedule(tx, where, until, { held, silenceId, claimedUntil: null, attempts: { decrement: 1 } });
}

/** Sends at `now` (ms) what was held back. */
export async function releaseHeld(
  tx: Connection,
  which: { silenceId: number } | { hostId: number; alertId: number },
  now: number,
): Promise<void> {
  await reschedule(tx, { ...which, ...WAITING, held: { not: null } }, now, { held: null, silenceId: null });
}

/** Tries again at `now` (ms) what a channel was given up with; answers how many. */
export const retryFailed = (tx: Connection, channelId: number, now: number): Promise<number> =>
  reschedule(tx, { channelId, sentAt: null, failedAt: { not: null } }, now, {
    ...{ failedAt: null, failure: null, claimedUntil: null },
  });
