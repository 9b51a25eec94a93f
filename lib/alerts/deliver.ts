import type { AlertLine } from "#lib/alerts/channels/message.ts";
import { sendToChannel } from "#lib/alerts/channels/send.ts";
import { openChannel } from "#lib/alerts/channels/store.ts";
import { coversHost } from "#lib/alerts/rules.ts";
import { activeSilences, matchedLabels } from "#lib/alerts/silences.ts";
import type { HostScope, Transition } from "#lib/alerts/store-alerts.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { ensureJobs, sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { reasonOf } from "#lib/log.ts";
import { type MailServer, openMailServer } from "#lib/notify/mail-server.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** What begins within this time (ms) on one host is one notification. */
const GROUP_WAIT_MS = 5 * SECOND_MS;

/** Whoever took deliveries and is not heard of for so long (ms) has died. */
const CLAIM_MS = MINUTE_MS;

type Payload = { hostId: number; channelId: number };

const jobOf = (payload: Payload, deliveryId: number, runAt: Date) => ({
  ...{ key: `${payload.channelId} ${payload.hostId} ${deliveryId}`, payload, runAt },
});

/** Whether a channel wants to hear of an alert. */
const isFor = (channel: { minSeverity: Severity; hostIds: number[] }, hostId: number, severity: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(channel.minSeverity) && coversHost(channel, hostId);

type NewDelivery = Transition & { dueAt: Date; silenceId: number | null };

/** When the notification of each change is due: a moment later, since more may begin, or when the silence that holds it back ends. */
async function withDueTimes({ tx, hostId, now }: HostScope, news: Transition[]): Promise<NewDelivery[]> {
  const silenceOf = await activeSilences(tx, now);
  const alerts = await tx.alert.findMany({ where: { hostId, id: { in: news.map(({ alertId }) => alertId) } } });
  const host = (await hostNames(tx, [hostId])).get(hostId) ?? "";
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  return news.map((transition) => {
    const alert = byId.get(transition.alertId);
    const silence = alert && silenceOf(matchedLabels(alert, host));
    const dueAt = silence?.endsAt ?? new Date(now + GROUP_WAIT_MS);
    return { ...transition, dueAt, silenceId: silence?.id ?? null };
  });
}

/**
 * Queues, in the transaction that stores changes of a host's alerts, the notifications of them: once for each, whoever stores it. A channel gets
 * one for all of them.
 */
export async function queueDeliveries(scope: HostScope, transitions: Transition[]): Promise<void> {
  const { tx, hostId, now } = scope;
  const news = transitions.filter(({ state }) => state === "firing" || state === "resolved");
  if (news.length === 0) return;
  const channels = await tx.alertChannel.findMany({ where: { enabled: true } });
  if (channels.length === 0) return;
  const timed = await withDueTimes(scope, news);
  const data = channels.flatMap((channel) =>
    timed
      .filter(({ severity }) => isFor(channel, hostId, severity))
      .map(({ alertId, state, dueAt, silenceId }) => ({
        ...{ hostId, alertId, channelId: channel.id, state, dueAt, silenceId },
        at: new Date(now),
      })),
  );
  if (data.length === 0) return;
  const created = await tx.alertDelivery.createManyAndReturn({
    ...{ data, skipDuplicates: true },
    select: { id: true, channelId: true, dueAt: true },
  });
  const jobs = Map.groupBy(created, ({ channelId, dueAt }) => `${channelId} ${dueAt.getTime()}`);
  for (const [first] of jobs.values())
    if (first) await sendJob(tx, "alert", jobOf({ hostId, channelId: first.channelId }, first.id, first.dueAt));
}

const WAITING = { sentAt: null, failedAt: null } as const;

/** Queues deliveries that wait and have no job: after an upgrade or a restore. */
export async function queueWaitingDeliveries(db: Connection, now: number): Promise<number> {
  const select = { id: true, hostId: true, channelId: true, dueAt: true };
  const rows = await db.alertDelivery.findMany({ where: WAITING, select });
  const jobs = rows.map(({ id, dueAt, ...payload }) =>
    jobOf(payload, id, dueAt > new Date(now) ? dueAt : new Date(now)),
  );
  return ensureJobs(db, "alert", jobs);
}

/** Tells at `now` (ms) what a silence held back. */
export async function releaseSilenced(tx: Connection, silenceId: number, now: number): Promise<void> {
  const where = { silenceId, ...WAITING };
  const rows = await tx.alertDelivery.findMany({ where, select: { hostId: true, channelId: true } });
  await tx.alertDelivery.updateMany({ where, data: { dueAt: new Date(now) } });
  const targets = new Map(rows.map((row) => [`${row.channelId} ${row.hostId} after silence ${silenceId}`, row]));
  for (const [key, payload] of targets) await sendJob(tx, "alert", { key, payload, runAt: new Date(now) });
}

type Claimed = { id: number; alertId: number; state: "firing" | "resolved" };

/** Takes all that waits for a channel of a host, for this worker alone. */
async function claim(db: Database, { hostId, channelId }: Payload, now: number): Promise<Claimed[]> {
  return db.$queryRaw<Claimed[]>`
    UPDATE alert_delivery SET claimed_until = ${new Date(now + CLAIM_MS)}, attempts = attempts + 1
    WHERE host_id = ${hostId} AND channel_id = ${channelId} AND sent_at IS NULL AND failed_at IS NULL
      AND due_at <= ${new Date(now)} AND (claimed_until IS NULL OR claimed_until <= ${new Date(now)})
    RETURNING id, alert_id AS "alertId", state::text AS state`;
}

/** What ended before a notification said that it began is no news, neither its end nor its beginning. */
function newsOf(claimed: Claimed[], fired: Set<number>, ended: Set<number>): { news: Claimed[]; old: Claimed[] } {
  const isOld = ({ alertId }: Claimed) => ended.has(alertId) && !fired.has(alertId);
  return { news: claimed.filter((row) => !isOld(row)), old: claimed.filter(isOld) };
}

const lineOf = (host: string, alert: Alert, state: "firing" | "resolved"): AlertLine => ({
  ...{ id: alert.id, host, state, severity: alert.severity, rule: alert.rule, summary: alert.summary },
  startedAt: alert.startedAt.toISOString(),
  endedAt: alert.endedAt?.toISOString() ?? null,
  labels: alert.labels as Record<string, string>,
  ...{ note: alert.note, runbook: alert.runbook },
});

async function settle(db: Database, hostId: number, rows: Claimed[], data: object): Promise<void> {
  await db.alertDelivery.updateMany({ where: { hostId, id: { in: rows.map(({ id }) => id) } }, data });
}

/** How deliveries are made: by which mail server, and where the portal is. */
export type Deliverer = { mail: MailServer | undefined; portal: string };

/** Sends what waits for a channel of a host. A kill between sending and writing that down sends it again under the same key. */
const handler = (db: Database, { mail, portal }: Deliverer, now: () => number): JobHandler<Payload> => ({
  async run(payload, _job, signal) {
    const { hostId, channelId } = payload;
    const claimed = await claim(db, payload, now());
    if (claimed.length === 0) return;
    try {
      const announced = await db.alertDelivery.findMany({
        where: { hostId, channelId, state: "firing", NOT: { sentAt: null }, failure: null },
        select: { alertId: true },
      });
      const alerts = await db.alert.findMany({ where: { hostId, id: { in: claimed.map(({ alertId }) => alertId) } } });
      const ended = new Set(alerts.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
      const { news, old } = newsOf(claimed, new Set(announced.map(({ alertId }) => alertId)), ended);
      await settle(db, hostId, old, { sentAt: new Date(now()), failure: "It was over before it was to be told" });
      if (news.length === 0) return;
      const host = (await hostNames(db, [hostId])).get(hostId) ?? `host ${hostId}`;
      const lines = news.flatMap(({ alertId, state }) =>
        alerts.filter(({ id }) => id === alertId).map((alert) => lineOf(host, alert, state)),
      );
      const key = `alert-${hostId}-${Math.min(...news.map(({ id }) => id))}`;
      await sendToChannel(await openChannel(db, channelId), { key, host, portal, lines }, { mail, signal });
      await settle(db, hostId, news, { sentAt: new Date(now()), failure: null });
    } catch (error) {
      await settle(db, hostId, claimed, { claimedUntil: null });
      throw error;
    }
  },
  async failed({ hostId, channelId }, reason, last) {
    const data = { failure: reason, ...(last ? { failedAt: new Date(now()) } : {}) };
    await db.alertDelivery.updateMany({ where: { hostId, channelId, ...WAITING }, data });
  },
});

/** Sends the notifications that are due. */
export const deliverAlerts = (
  db: Database,
  deliverer: Deliverer,
  options: WorkOptions = {},
): Promise<{ done: number; failed: number }> =>
  runDueJobs(db, "alert", handler(db, deliverer, options.now ?? Date.now), options);

/** Sends a test to a channel. @throws DomainError not-found, unavailable with what it answered */
export async function testChannel(db: Connection, id: number, now: number): Promise<void> {
  const channel = await openChannel(db, id);
  const mail = await openMailServer(db);
  const line: AlertLine = {
    ...{ id: 0, host: "test", state: "firing", severity: "info", rule: "Test", summary: "This is a test of Sightline" },
    ...{ startedAt: new Date(now).toISOString(), endedAt: null, labels: {}, note: "", runbook: "" },
  };
  const message = { key: `test-${id}-${now}`, host: "test", portal: portalUrl(readEnvironment()), lines: [line] };
  try {
    await sendToChannel(channel, message, { mail });
  } catch (error) {
    throw new DomainError("unavailable", `The test was not taken: ${reasonOf(error)}`);
  } finally {
    mail?.transport.close();
  }
}
