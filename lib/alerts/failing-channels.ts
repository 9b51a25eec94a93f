import { queueDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { addTransitions, type HostScope } from "#lib/alerts/store-alerts.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { held } from "#lib/db/held.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

// That a channel fails is an alert of its own, by no rule (0): sent by the others.

/** A channel that has failed for so long (ms), and taken nothing since, is an alert. */
const FAILING_MS = HOUR_MS;

const RULE = "Notification channel fails";

type Failing = { channelId: number; name: string; hostId: number; failure: string; since: Date };

/** Channels whose oldest waiting notification has failed for an hour, with the host that it is of. */
function readFailing(db: Connection, now: number): Promise<Failing[]> {
  return db.$queryRaw<Failing[]>`
    SELECT DISTINCT ON (d.channel_id) d.channel_id AS "channelId", c.name, d.host_id AS "hostId", d.failure, d.at AS since
    FROM alert_delivery d JOIN alert_channel c ON c.id = d.channel_id
    WHERE c.enabled AND d.sent_at IS NULL AND d.failure IS NOT NULL AND d.due_at <= ${new Date(now)}
      AND d.at <= ${new Date(now - FAILING_MS)}
      AND NOT EXISTS (
        SELECT FROM alert_delivery later
        WHERE later.channel_id = d.channel_id AND later.sent_at > d.at AND later.failure IS NULL
      )
    ORDER BY d.channel_id, d.at`;
}

async function begin(scope: HostScope, { name, failure, since }: Failing): Promise<void> {
  const { tx, hostId, now } = scope;
  const { id } = await tx.alert.create({
    data: {
      ...{ hostId, ruleId: 0, rule: RULE, severity: "critical", seriesId: 0, series: "", unit: "", rate: false },
      ...{ labels: { channel: name }, state: "firing", value: null, startedAt: since, firedAt: new Date(now) },
      ...{ summary: `The channel ${name} has taken no notification for an hour: ${failure}`.slice(0, 1_000) },
      ...{ note: "Send a test on Alerts, Channels; what it was given up with can be sent again there.", runbook: "" },
    },
    select: { id: true },
  });
  const transition = { hostId, alertId: id, state: "firing", value: null, severity: "critical" } as const;
  await addTransitions(scope, [transition]);
  await queueDeliveries(scope, [transition]);
}

async function end(scope: HostScope, alertId: number): Promise<void> {
  const { tx, hostId, now } = scope;
  const data = { state: "resolved", endedAt: new Date(now) } as const;
  await tx.alert.update({ where: { hostId_id: { hostId, id: alertId } }, data });
  const transition = { hostId, alertId, state: "resolved", value: null, severity: "critical" } as const;
  await addTransitions(scope, [transition]);
  await queueDeliveries(scope, [transition]);
}

const open = { ruleId: 0, endedAt: null };

/** The channels that fail, and how many alerts of such go on. */
const readState = async (db: Database, now: number) => ({
  failing: await readFailing(db, now),
  going: await db.alert.count({ where: open }),
});

/**
 * Begins and ends the alerts of channels that fail, at `now` (ms): each once, however many evaluators there are. Where notices of deliveries come, those
 * that have failed for long enough meanwhile are found as late as something is held.
 */
export async function judgeChannels(db: Database, now: number): Promise<void> {
  const { failing, going } = await held().get("alert_delivery", "failing", () => readState(db, now));
  if (failing.length === 0 && going === 0) return;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alert channels'))`;
    const alerts = await tx.alert.findMany({ where: open, select: { id: true, hostId: true, labels: true } });
    const nameOf = ({ labels }: { labels: unknown }) => (labels as Record<string, string>).channel;
    for (const channel of failing)
      if (!alerts.some((alert) => nameOf(alert) === channel.name))
        await begin({ tx, hostId: channel.hostId, now }, channel);
    for (const alert of alerts)
      if (!failing.some(({ name }) => name === nameOf(alert))) await end({ tx, hostId: alert.hostId, now }, alert.id);
  });
}
