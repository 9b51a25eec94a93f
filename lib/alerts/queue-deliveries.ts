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
export const FIRST_REPEAT = 1_000;

/** What a job sends: all that is due to a channel of a host. */
export type Payload = { hostId: number; channelId: number };

/** Deliveries that wait. */
export const WAITING = { sentAt: null, failedAt: null } as const;

type Due = { id: number; channelId: number; dueAt: Date };

/** A job for each channel and time: sent twice for the same deliveries it does nothing. */
async function sendJobs(tx: Connection, hostId: number, due: Due[]): Promise<void> {
  const groups = Map.groupBy(due, ({ channelId, dueAt }) => `${channelId} ${dueAt.getTime()}`);
  for (const [key, [first]] of groups)
    if (first) {
      const payload: Payload = { hostId, channelId: first.channelId };
      await sendJob(tx, "alert", { key: `${key} ${hostId} ${first.id}`, payload, runAt: first.dueAt });
    }
}

const CREATED = { id: true, channelId: true, dueAt: true } as const;

async function addDeliveries({ tx, hostId }: HostScope, data: Prisma.AlertDeliveryCreateManyInput[]): Promise<void> {
  if (data.length === 0) return;
  const created = await tx.alertDelivery.createManyAndReturn({ data, skipDuplicates: true, select: CREATED });
  await sendJobs(tx, hostId, created);
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
  await addDeliveries(scope, [
    ...(await firingDeliveries(scope, alerts)),
    ...(await resolvedDeliveries(scope, idsOf("resolved"))),
  ]);
}

/** Has whoever was told of an alert be told again at an instant, if it still fires then and nobody works on it. */
export async function tellAgain(scope: HostScope, alertId: number, at: Date): Promise<void> {
  const { tx, hostId, now } = scope;
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
  await addDeliveries(scope, data);
}

/** Queues deliveries that wait and have no job: after an upgrade or a restore. */
export async function queueWaitingDeliveries(db: Connection, now: number): Promise<number> {
  const rows = await db.alertDelivery.findMany({ where: WAITING, select: { ...CREATED, hostId: true } });
  const jobs = rows.map(({ id, dueAt, hostId, channelId }) => ({
    key: `${channelId} ${hostId} ${id}`,
    payload: { hostId, channelId },
    runAt: dueAt > new Date(now) ? dueAt : new Date(now),
  }));
  return ensureJobs(db, "alert", jobs);
}

/** Puts off deliveries of a host, with what holds them; they count as not tried. */
export async function putOff(
  tx: Connection,
  hostId: number,
  rows: { id: number; channelId: number }[],
  { until, held, silenceId }: { until: number; held: string; silenceId: number | null },
): Promise<void> {
  const dueAt = new Date(until);
  await tx.alertDelivery.updateMany({
    where: { hostId, id: { in: rows.map(({ id }) => id) } },
    data: { dueAt, held, silenceId, claimedUntil: null, attempts: { decrement: 1 } },
  });
  await sendJobs(
    tx,
    hostId,
    rows.map((row) => ({ ...row, dueAt })),
  );
}

/** Sends at `now` (ms) what was held back. */
export async function releaseHeld(
  tx: Connection,
  which: { silenceId: number } | { hostId: number; alertId: number },
  now: number,
): Promise<void> {
  const where = { ...which, ...WAITING, held: { not: null } };
  const rows = await tx.alertDelivery.findMany({ where, select: { ...CREATED, hostId: true } });
  const dueAt = new Date(now);
  await tx.alertDelivery.updateMany({ where, data: { dueAt, held: null, silenceId: null } });
  for (const [hostId, own] of Map.groupBy(rows, (row) => row.hostId))
    await sendJobs(
      tx,
      hostId,
      own.map((row) => ({ ...row, dueAt })),
    );
}

/** Tries again at `now` (ms) what a channel was given up with; answers how many. */
export async function retryFailed(tx: Connection, channelId: number, now: number): Promise<number> {
  const where = { channelId, sentAt: null, failedAt: { not: null } };
  const rows = await tx.alertDelivery.findMany({ where, select: { ...CREATED, hostId: true } });
  const dueAt = new Date(now);
  await tx.alertDelivery.updateMany({ where, data: { dueAt, failedAt: null, failure: null, claimedUntil: null } });
  for (const [hostId, own] of Map.groupBy(rows, (row) => row.hostId))
    await sendJobs(
      tx,
      hostId,
      own.map((row) => ({ ...row, dueAt })),
    );
  return rows.length;
}
