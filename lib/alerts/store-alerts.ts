import type { Finding } from "#lib/alerts/observe.ts";
import type { AlertMemory } from "#lib/alerts/state-machine.ts";
import { notesOf, summaryOf, unitOf } from "#lib/alerts/words.ts";
import type { AlertStatus, Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

// What judging a host writes: a statement or two for each kind of change, however many alerts change at once.

/** Whose alerts, in which transaction, when (ms). */
export type HostScope = { tx: Connection; hostId: number; now: number };

/** What is known of a rule on a series of a host, and the alert that goes on. */
export type Instance = { ruleId: number; seriesId: number; memory: AlertMemory; alertId: number | null };

/** An alert's change of state. */
export type Transition = {
  hostId: number;
  alertId: number;
  state: AlertStatus;
  value: number | null;
  severity: Severity;
};

/** An alert that ends, with its last value. */
export type AlertEnd = { alertId: number; value: number | null };

/** The key of a host's instance. */
export const keyOf = (ruleId: number, seriesId: number): string => `${ruleId} ${seriesId}`;

/** A host's instances, and when it was judged last (ms); now, where it never was. */
export async function readInstances(
  tx: Connection,
  hostId: number,
  now: number,
): Promise<{ stored: Instance[]; seenAt: number }> {
  const [rows, clock] = await Promise.all([
    tx.alertInstance.findMany({ where: { hostId }, omit: { hostId: true } }),
    tx.alertClock.findUnique({ where: { hostId } }),
  ]);
  const stored = rows.map((row) => ({ ...row, memory: row.memory as AlertMemory }));
  return { stored, seenAt: clock?.judgedAt.getTime() ?? now };
}

/** Writes the instances that changed, forgets those of which nothing need be known, and notes when the host was judged by its own `clock`. */
export async function writeInstances(
  { tx, hostId, now }: HostScope,
  {
    written,
    removed,
    clock,
  }: { written: Instance[]; removed: Pick<Instance, "ruleId" | "seriesId">[]; clock: boolean },
): Promise<void> {
  if (removed.length > 0)
    await tx.$executeRaw`
      DELETE FROM alert_instance i USING jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) AS r ("ruleId" int, "seriesId" int)
      WHERE i.host_id = ${hostId} AND i.rule_id = r."ruleId" AND i.series_id = r."seriesId"`;
  if (written.length > 0)
    await tx.$executeRaw`
      INSERT INTO alert_instance (host_id, rule_id, series_id, memory, alert_id)
      SELECT ${hostId}, "ruleId", "seriesId", memory, "alertId"
      FROM jsonb_to_recordset(${JSON.stringify(written)}::jsonb) AS r ("ruleId" int, "seriesId" int, memory jsonb, "alertId" int)
      ON CONFLICT (host_id, rule_id, series_id) DO UPDATE SET memory = excluded.memory, alert_id = excluded.alert_id`;
  if (!clock) return;
  const judgedAt = new Date(now);
  await tx.alertClock.upsert({ where: { hostId }, create: { hostId, judgedAt }, update: { judgedAt } });
}

type Moved = { finding: Finding; memory: AlertMemory; before: Instance | undefined };

/** Whoever works on an alert still does when it comes back within this time (ms). */
const KEPT_ACKNOWLEDGED_MS = HOUR_MS;

type Acknowledged = Pick<Alert, "acknowledgedAt" | "acknowledgedBy" | "acknowledgedUntil" | "assignedTo" | "comment">;

/** Who works on what ended a while ago, by the key of its instance. */
async function readAcknowledged({ tx, hostId, now }: HostScope, begun: Moved[]): Promise<Map<string, Acknowledged>> {
  const rows = await tx.alert.findMany({
    where: {
      ...{ hostId, ruleId: { in: [...new Set(begun.map(({ finding }) => finding.rule.id))] } },
      ...{ endedAt: { gte: new Date(now - KEPT_ACKNOWLEDGED_MS) }, acknowledgedAt: { not: null } },
      OR: [{ acknowledgedUntil: null }, { acknowledgedUntil: { gt: new Date(now) } }],
    },
    orderBy: { endedAt: "asc" },
  });
  return new Map(
    rows.map(({ ruleId, seriesId, acknowledgedAt, acknowledgedBy, acknowledgedUntil, assignedTo, comment }) => [
      keyOf(ruleId, seriesId),
      { acknowledgedAt, acknowledgedBy, acknowledgedUntil, assignedTo, comment },
    ]),
  );
}

/** Begins alerts; answers their ids by the key of the instance. */
export async function beginAlerts(scope: HostScope, begun: Moved[]): Promise<Map<string, number>> {
  if (begun.length === 0) return new Map();
  const { tx, hostId, now } = scope;
  const acknowledged = await readAcknowledged(scope, begun);
  const data = begun.map(({ finding, memory }) => {
    const { rule, series, value } = finding;
    return {
      ...{ hostId, ruleId: rule.id, rule: rule.name, severity: rule.severity, ...notesOf(finding) },
      ...{ seriesId: series.id, series: series.name, ...unitOf(finding) },
      ...(finding.element ?? { labels: { ...series.labels, ...rule.labels } }),
      ...{ state: memory.state as AlertStatus, summary: summaryOf(finding), value },
      startedAt: new Date(memory.since),
      firedAt: memory.state === "firing" ? new Date(now) : null,
      ...acknowledged.get(keyOf(rule.id, series.id)),
    };
  });
  const rows = await tx.alert.createManyAndReturn({ data, select: { id: true, ruleId: true, seriesId: true } });
  return new Map(rows.map(({ id, ruleId, seriesId }) => [keyOf(ruleId, seriesId), id]));
}

/** Writes the states of alerts that go on. */
export async function changeAlerts({ tx, hostId, now }: HostScope, changed: Moved[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ finding, memory, before }) => ({
    ...{ id: before?.alertId, state: memory.state, value: finding.value, summary: summaryOf(finding) },
  }));
  await tx.$executeRaw`
    UPDATE alert a SET state = r.state::alert_state, value = r.value, summary = r.summary,
      fired_at = CASE WHEN r.state = 'firing' THEN coalesce(a.fired_at, ${new Date(now)}) ELSE a.fired_at END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id int, state text, value float8, summary text)
    WHERE a.host_id = ${hostId} AND a.id = r.id`;
}

/** Writes the values and texts of elements whose alerts go on as they were, where these have changed. */
export async function refreshAlerts({ tx, hostId }: HostScope, judged: Moved[]): Promise<void> {
  const rows = judged.flatMap(({ finding, before }) => {
    const { element, value, observation } = finding;
    if (!element || !before?.alertId || observation.kind !== "value" || !observation.breached) return [];
    const { note, runbook } = notesOf(finding);
    return [
      { id: before.alertId, value, summary: summaryOf(finding), annotations: element.annotations, note, runbook },
    ];
  });
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE alert a SET value = r.value, summary = r.summary, annotations = r.annotations, note = r.note, runbook = r.runbook
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (id int, value float8, summary text, annotations jsonb, note text, runbook text)
    WHERE a.host_id = ${hostId} AND a.id = r.id
      AND (a.value, a.summary, a.annotations) IS DISTINCT FROM (r.value, r.summary, r.annotations)`;
}

/** Ends alerts; answers those that had fired. Of those that never did nobody heard, and nothing stays. */
export async function endAlerts({ tx, hostId, now }: HostScope, ended: AlertEnd[]): Promise<Transition[]> {
  if (ended.length === 0) return [];
  const ids = ended.map(({ alertId }) => alertId);
  await tx.alert.deleteMany({ where: { hostId, id: { in: ids }, firedAt: null } });
  return tx.$queryRaw<Transition[]>`
    UPDATE alert a SET state = 'resolved', ended_at = ${new Date(now)}, value = r.value
    FROM jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) AS r ("alertId" int, value float8)
    WHERE a.host_id = ${hostId} AND a.id = r."alertId"
    RETURNING a.host_id AS "hostId", a.id AS "alertId", a.state::text AS state, a.value, a.severity::text AS severity`;
}

/** Stores changes of state: numbered, so that each is one, whoever stores it again. */
export async function addTransitions({ tx, hostId, now }: HostScope, transitions: Transition[]): Promise<void> {
  if (transitions.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO alert_transition (host_id, alert_id, number, at, state, value)
    SELECT ${hostId}, r."alertId", (
      SELECT count(*) FROM alert_transition t WHERE t.host_id = ${hostId} AND t.alert_id = r."alertId"
    ), ${new Date(now)}, r.state::alert_state, r.value
    FROM jsonb_to_recordset(${JSON.stringify(transitions)}::jsonb) AS r ("alertId" int, state text, value float8)`;
  await noticeAlerts(tx);
}

/** NOTIFY channel: sent at commit when alerts have changed. */
export const ALERT_CHANNEL = "sightline_alert";

/** Has open pages read their alerts anew, once this transaction is committed. */
export async function noticeAlerts(tx: Connection): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${ALERT_CHANNEL}, '')`;
}
