import { type AlertAction, type AlertLine, alertUrl } from "#lib/alerts/channels/message.ts";
import { type EmailParts, isByEmail, type Sender, sendToChannel } from "#lib/alerts/channels/send.ts";
import { openChannel } from "#lib/alerts/channels/store.ts";
import { readEmailDetails } from "#lib/alerts/email-details.ts";
import { actionToken } from "#lib/alerts/email-links.ts";
import { type Hold, readHolds } from "#lib/alerts/hold-deliveries.ts";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";
import { type Payload, putOff, repeatDeliveries, WAITING } from "#lib/alerts/queue-deliveries.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { SEVERITIES } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { reasonOf } from "#lib/log.ts";
import { openMailServer } from "#lib/notify/mail-server.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** Whoever took deliveries and is not heard of for so long (ms) has died. */
const CLAIM_MS = MINUTE_MS;

type Claimed = {
  id: number;
  channelId: number;
  alertId: number;
  state: "firing" | "resolved";
  number: number;
  repeatMs: number;
};

/** Takes all that waits for a channel of a host, for this worker alone. */
async function claim(db: Database, { hostId, channelId }: Payload, now: number): Promise<Claimed[]> {
  return db.$queryRaw<Claimed[]>`
    UPDATE alert_delivery SET claimed_until = ${new Date(now + CLAIM_MS)}, attempts = attempts + 1
    WHERE host_id = ${hostId} AND channel_id = ${channelId} AND sent_at IS NULL AND failed_at IS NULL
      AND due_at <= ${new Date(now)} AND (claimed_until IS NULL OR claimed_until <= ${new Date(now)})
    RETURNING id, channel_id AS "channelId", alert_id AS "alertId", state::text AS state, number, repeat_ms AS "repeatMs"`;
}

/** What becomes of deliveries: they are sent, put off, or need not be sent any more, each for its reason. */
type Sorted = { news: Claimed[]; held: Map<string, { hold: Hold; rows: Claimed[] }>; dropped: Map<string, Claimed[]> };

type Sorting = { now: number; announced: Set<number>; holdOf: (row: Claimed, alert: Alert) => Hold | undefined };

/** Why a delivery is no news any more: what ended is not announced, and its end only to whom its beginning was. */
function dropReason(row: Claimed, alert: Alert, { now, announced }: Sorting): string | undefined {
  const over = alert.endedAt !== null;
  if (row.state === "resolved") return announced.has(row.alertId) ? undefined : "It was over before it was to be told";
  if (over) return "It was over before it was to be told";
  return isAcknowledged(alert, now) ? "It is acknowledged" : undefined;
}

function sortDeliveries(claimed: Claimed[], alerts: Map<number, Alert>, sorting: Sorting): Sorted {
  const sorted: Sorted = { news: [], held: new Map(), dropped: new Map() };
  for (const row of claimed) {
    const alert = alerts.get(row.alertId);
    if (!alert) continue;
    const reason = dropReason(row, alert, sorting);
    const hold = reason === undefined ? sorting.holdOf(row, alert) : undefined;
    if (reason !== undefined) sorted.dropped.set(reason, [...(sorted.dropped.get(reason) ?? []), row]);
    else if (hold) {
      const key = `${hold.until} ${hold.held}`;
      sorted.held.set(key, { hold, rows: [...(sorted.held.get(key)?.rows ?? []), row] });
    } else sorted.news.push(row);
  }
  return sorted;
}

const lineOf = (host: string, alert: Alert, state: "firing" | "resolved"): AlertLine => ({
  ...{ id: alert.id, hostId: alert.hostId, host, state, severity: alert.severity },
  ...{ rule: alert.rule, summary: alert.summary },
  startedAt: alert.startedAt.toISOString(),
  endedAt: alert.endedAt?.toISOString() ?? null,
  labels: alert.labels as Record<string, string>,
  ...{ note: alert.note, runbook: alert.runbook },
});

async function settle(db: Connection, hostId: number, rows: Claimed[], data: object): Promise<void> {
  await db.alertDelivery.updateMany({ where: { hostId, id: { in: rows.map(({ id }) => id) } }, data });
}

/** The last delivery of each change: what was put off and what is sent again are one line. */
const eachAlert = (rows: Claimed[]): Claimed[] => [
  ...new Map(rows.toSorted((a, b) => a.number - b.number).map((row) => [`${row.alertId} ${row.state}`, row])).values(),
];

/** What fires before what is over, the gravest of it first, then what began first: titles are of the first. */
const byWeight = (a: AlertLine, b: AlertLine): number =>
  Number(b.state === "firing") - Number(a.state === "firing") ||
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
  a.startedAt.localeCompare(b.startedAt) ||
  a.id - b.id;

/** Writes an attempt into the log of each delivery. */
async function addAttempts(
  db: Connection,
  hostId: number,
  rows: { id: number }[],
  { now, failure }: { now: number; failure: string | null },
): Promise<void> {
  const data = rows.map(({ id }) => ({ hostId, deliveryId: id, at: new Date(now), failure }));
  await db.alertAttempt.createMany({ data });
}

/** Notes what was sent, and when it is to be sent again: both or neither. */
async function settleSent(db: Database, { hostId }: Payload, sent: Claimed[], now: number): Promise<void> {
  const again = eachAlert(sent).filter(({ state, repeatMs }) => state === "firing" && repeatMs > 0);
  await db.$transaction(async (tx) => {
    await settle(tx, hostId, sent, { sentAt: new Date(now), failure: null, held: null });
    await addAttempts(tx, hostId, sent, { now, failure: null });
    await repeatDeliveries({ tx, hostId, now }, again);
  });
}

async function sortClaimed(db: Database, { hostId, channelId }: Payload, claimed: Claimed[], now: number) {
  const announced = await db.alertDelivery.findMany({
    where: { hostId, channelId, state: "firing", NOT: { sentAt: null }, failure: null },
    select: { alertId: true },
  });
  const rows = await db.alert.findMany({ where: { hostId, id: { in: claimed.map(({ alertId }) => alertId) } } });
  const alerts = new Map(rows.map((alert) => [alert.id, alert]));
  const host = (await hostNames(db, [hostId])).get(hostId) ?? `host ${hostId}`;
  const hold = await readHolds(db, now);
  const sorting: Sorting = {
    now,
    announced: new Set(announced.map(({ alertId }) => alertId)),
    holdOf: (row, alert) => hold(alert, host, row.state),
  };
  return { host, alerts, ...sortDeliveries(claimed, alerts, sorting) };
}

async function emailParts(db: Database, alert: Alert, portal: string, now: number): Promise<EmailParts> {
  const { hostId, id, endedAt } = alert;
  const link = (action: AlertAction, email: string) =>
    `${portal}/alert-action?token=${actionToken(hostId, id, action, email, now)}`;
  return {
    details: await readEmailDetails(db, alert, now),
    linksFor: (email) =>
      endedAt === null
        ? {
            open: alertUrl(portal, alert),
            acknowledge: link("acknowledge", email),
            silence: link("silence", email),
          }
        : { open: alertUrl(portal, alert), acknowledge: "", silence: "" },
  };
}

/** Sends what waits for a channel of a host. A kill between sending and writing that down sends it again under the same key. */
const handler = (db: Database, sender: Sender, now: () => number): JobHandler<Payload> => ({
  async run(payload, _job, signal) {
    const { hostId, channelId } = payload;
    const claimed = await claim(db, payload, now());
    if (claimed.length === 0) return;
    try {
      const { host, alerts, news, held, dropped } = await sortClaimed(db, payload, claimed, now());
      for (const [reason, rows] of dropped)
        await settle(db, hostId, rows, { sentAt: new Date(now()), failure: reason });
      for (const { hold, rows } of held.values()) await db.$transaction((tx) => putOff(tx, hostId, rows, hold));
      if (news.length === 0) return;
      const lines = eachAlert(news)
        .map(({ alertId, state }) => lineOf(host, alerts.get(alertId) as Alert, state))
        .sort(byWeight);
      const key = `alert-${hostId}-${Math.min(...news.map(({ id }) => id))}`;
      const channel = await openChannel(db, channelId);
      const parts = isByEmail(channel)
        ? await emailParts(db, alerts.get(lines[0]?.id ?? 0) as Alert, sender.portal, now())
        : undefined;
      await sendToChannel(channel, { key, host, portal: sender.portal, lines }, sender, {
        signal,
        ...(parts && { parts }),
      });
      await settleSent(db, payload, news, now());
    } catch (error) {
      await db.alertDelivery.updateMany({
        where: { hostId, id: { in: claimed.map(({ id }) => id) }, ...WAITING },
        data: { claimedUntil: null },
      });
      throw error;
    }
  },
  async failed({ hostId, channelId }, reason, last) {
    const data = { failure: reason, ...(last ? { failedAt: new Date(now()) } : {}) };
    const where = { hostId, channelId, ...WAITING, attempts: { gt: 0 }, dueAt: { lte: new Date(now()) } };
    const tried = await db.alertDelivery.findMany({ where, select: { id: true } });
    await db.alertDelivery.updateMany({ where: { hostId, id: { in: tried.map(({ id }) => id) } }, data });
    await addAttempts(db, hostId, tried, { now: now(), failure: reason });
  },
});

/** Sends the notifications that are due. */
export const deliverAlerts = (
  db: Database,
  sender: Omit<Sender, "db" | "now">,
  options: WorkOptions = {},
): Promise<{ done: number; failed: number }> => {
  const now = options.now ?? Date.now;
  return runDueJobs(db, "alert", handler(db, { ...sender, db, now }, now), options);
};

/** Sends a test to a channel. @throws DomainError not-found, unavailable with what it answered */
export async function testChannel(db: Connection, id: number, now: number): Promise<void> {
  const channel = await openChannel(db, id);
  const mail = await openMailServer(db);
  const portal = portalUrl(readEnvironment());
  const line: AlertLine = {
    ...{ id: 0, hostId: 0, host: "test", state: "firing", severity: "info", rule: "Test" },
    ...{ summary: "This is a test of Sightline", startedAt: new Date(now).toISOString(), endedAt: null },
    ...{ labels: {}, note: "", runbook: "" },
  };
  const message = { key: `test-${id}-${now}`, host: "test", portal, lines: [line] };
  try {
    await sendToChannel(channel, message, { mail, portal, db, now: () => now });
  } catch (error) {
    throw new DomainError("unavailable", `The test was not taken: ${reasonOf(error)}`);
  } finally {
    mail?.transport.close();
  }
}
