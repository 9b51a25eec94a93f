import { queueDeliveries } from "#lib/alerts/deliver.ts";
import { type Finding, observeHost } from "#lib/alerts/observe.ts";
import { type AlertRule, listRules, noSeries, noteProblems } from "#lib/alerts/rules.ts";
import { type AlertMemory, INACTIVE, judge } from "#lib/alerts/state-machine.ts";
import { summaryOf } from "#lib/alerts/words.ts";
import type { AlertStatus } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { AlertInstance } from "#lib/db/generated/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { runParts } from "#lib/jobs/failures.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** An alert's change of state that was stored: each is answered once, by whoever stored it. */
type Transition = { hostId: number; alertId: number; state: AlertStatus; value: number | null };

/** What an evaluation did: rules' instances judged, and what changed. */
export type Evaluation = { instances: number; transitions: Transition[]; ms: number };

const keyOf = (ruleId: number, seriesId: number) => `${ruleId} ${seriesId}`;

/** What a state of the machine is called as an alert's. */
const statusOf = ({ state }: AlertMemory): AlertStatus => (state === "inactive" ? "resolved" : state);

type HostScope = { tx: Connection; hostId: number; now: number };

/** Stores that an alert changed its state, and queues who is told; numbers make each change one, whoever stores it again. */
async function addTransition(
  { tx, hostId, now }: HostScope,
  alertId: number,
  state: AlertStatus,
  value: number | null,
): Promise<Transition> {
  const number = await tx.alertTransition.count({ where: { hostId, alertId } });
  await tx.alertTransition.create({ data: { hostId, alertId, number, at: new Date(now), state, value } });
  if (state === "firing" || state === "resolved") {
    const { severity } = await tx.alert.findUniqueOrThrow({ where: { hostId_id: { hostId, id: alertId } } });
    await queueDeliveries(tx, { hostId, id: alertId, severity }, state, now);
  }
  return { hostId, alertId, state, value };
}

/** Begins an alert for a finding; answers its id. */
async function beginAlert({ tx, hostId }: HostScope, finding: Finding, memory: AlertMemory): Promise<number> {
  const { rule, series, value } = finding;
  const { id } = await tx.alert.create({
    data: {
      ...{ hostId, ruleId: rule.id, rule: rule.name, severity: rule.severity, note: rule.note, runbook: rule.runbook },
      ...{ seriesId: series.id, series: series.name, unit: series.unit, rate: isCumulative(series.kind) },
      labels: { ...series.labels, ...rule.labels },
      ...{ state: memory.state as AlertStatus, summary: summaryOf(finding), value },
      startedAt: new Date(memory.since),
    },
    select: { id: true },
  });
  return id;
}

/** Ends an alert. One that never fired nobody heard of: nothing of it stays. */
async function endAlert(scope: HostScope, alertId: number, value: number | null): Promise<Transition[]> {
  const { tx, hostId, now } = scope;
  const where = { hostId_id: { hostId, id: alertId } };
  const alert = await tx.alert.findUnique({ where, select: { firedAt: true } });
  if (!alert) return [];
  if (!alert.firedAt) {
    await tx.alert.delete({ where });
    return [];
  }
  await tx.alert.update({ where, data: { state: "resolved", endedAt: new Date(now), value } });
  return [await addTransition(scope, alertId, "resolved", value)];
}

/** The alert of an instance after its memory changed: begins, changes or ends it. */
async function follow(
  scope: HostScope,
  finding: Finding,
  memory: AlertMemory,
  alertId: number | null,
): Promise<{ alertId: number | null; transitions: Transition[] }> {
  const { tx, hostId, now } = scope;
  const { value } = finding;
  if (memory.state === "inactive")
    return { alertId: null, transitions: alertId === null ? [] : await endAlert(scope, alertId, value) };
  const id = alertId ?? (await beginAlert(scope, finding, memory));
  const fires = memory.state === "firing";
  const summary = summaryOf(finding);
  await tx.alert.update({
    where: { hostId_id: { hostId, id } },
    data: { state: memory.state, value, summary, ...(fires ? { firedAt: new Date(now) } : {}) },
  });
  return { alertId: id, transitions: [await addTransition(scope, id, statusOf(memory), value)] };
}

/** Whether nothing needs to be known of an instance any more. */
const isForgotten = ({ state, fired }: AlertMemory, now: number): boolean =>
  state === "inactive" && fired.every((at) => now - at >= HOUR_MS);

type Instance = { ruleId: number; seriesId: number; memory: AlertMemory; alertId: number | null };

const memoryOf = (stored: AlertInstance | undefined, seenAt: number): AlertMemory => ({
  ...((stored?.memory as AlertMemory | undefined) ?? INACTIVE),
  seenAt,
});

/** Judges a finding: answers the instance as it is then, undefined for one of which nothing need be known, and what changed. */
async function judgeFinding(
  scope: HostScope,
  finding: Finding,
  stored: AlertInstance | undefined,
  seenAt: number,
): Promise<{ instance?: Instance; transitions: Transition[] }> {
  const { rule, series, observation } = finding;
  const before = memoryOf(stored, seenAt);
  const memory = judge(before, observation, rule, scope.now);
  if (!stored && memory.state === "inactive") return { transitions: [] };
  const { alertId, transitions } =
    memory.state === before.state
      ? { alertId: stored?.alertId ?? null, transitions: [] }
      : await follow(scope, finding, memory, stored?.alertId ?? null);
  if (isForgotten(memory, scope.now)) return { transitions };
  return { instance: { ruleId: rule.id, seriesId: series.id, memory, alertId }, transitions };
}

/** Writes the instances of a host as they are now, in two statements however many there are; others are forgotten. */
async function writeInstances({ tx, hostId }: HostScope, instances: Instance[]): Promise<void> {
  const rows = JSON.stringify(
    instances.map(({ ruleId, seriesId, memory, alertId }) => ({
      ...{ rule_id: ruleId, series_id: seriesId, alert_id: alertId },
      memory,
    })),
  );
  await tx.$executeRaw`
    DELETE FROM alert_instance i WHERE host_id = ${hostId} AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${rows}::jsonb) AS r (rule_id int, series_id int)
      WHERE r.rule_id = i.rule_id AND r.series_id = i.series_id)`;
  await tx.$executeRaw`
    INSERT INTO alert_instance (host_id, rule_id, series_id, memory, alert_id)
    SELECT ${hostId}, rule_id, series_id, memory, alert_id
    FROM jsonb_to_recordset(${rows}::jsonb) AS r (rule_id int, series_id int, memory jsonb, alert_id int)
    ON CONFLICT (host_id, rule_id, series_id) DO UPDATE SET memory = excluded.memory, alert_id = excluded.alert_id`;
}

/** Ends what no rule judges any more: the rule was removed, switched off, or selects the series no longer. */
async function endOrphans(scope: HostScope, stored: AlertInstance[], judged: Set<string>): Promise<Transition[]> {
  const transitions: Transition[] = [];
  for (const { ruleId, seriesId, alertId } of stored)
    if (alertId !== null && !judged.has(keyOf(ruleId, seriesId)))
      transitions.push(...(await endAlert(scope, alertId, null)));
  return transitions;
}

/** Judges what was found on a host, in one transaction under the host's lock: killed anywhere, it has changed everything or nothing. */
async function judgeHost(db: Database, hostId: number, findings: Finding[], now: number): Promise<Transition[]> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alerts'), ${hostId})`;
    const scope = { tx, hostId, now };
    const [stored, clock] = await Promise.all([
      tx.alertInstance.findMany({ where: { hostId } }),
      tx.alertClock.findUnique({ where: { hostId } }),
    ]);
    const byKey = new Map(stored.map((row) => [keyOf(row.ruleId, row.seriesId), row]));
    const seenAt = clock?.judgedAt.getTime() ?? now;
    const instances: Instance[] = [];
    const transitions: Transition[] = [];
    for (const finding of findings) {
      const before = byKey.get(keyOf(finding.rule.id, finding.series.id));
      const judged = await judgeFinding(scope, finding, before, seenAt);
      if (judged.instance) instances.push(judged.instance);
      transitions.push(...judged.transitions);
    }
    const judged = new Set(findings.map(({ rule, series }) => keyOf(rule.id, series.id)));
    transitions.push(...(await endOrphans(scope, stored, judged)));
    if (stored.length > 0 || instances.length > 0) await writeInstances(scope, instances);
    const judgedAt = new Date(now);
    await tx.alertClock.upsert({ where: { hostId }, create: { hostId, judgedAt }, update: { judgedAt } });
    return transitions;
  });
}

const isFor = ({ hostIds }: AlertRule, hostId: number): boolean => hostIds.length === 0 || hostIds.includes(hostId);

/** Judges all rules on all hosts at `now` (ms). A host that fails stops no other, and is tried again with back-off. */
export async function evaluateAlerts(db: Database, now: number, signal?: AbortSignal): Promise<Evaluation> {
  const began = performance.now();
  const [all, hosts] = await Promise.all([listRules(db), listHosts(db, now)]);
  const rules = all.filter(({ enabled }) => enabled);
  if (rules.length === 0 && (await db.alertInstance.count()) === 0) return { instances: 0, transitions: [], ms: 0 };
  const matched = new Set<number>();
  const done: Omit<Evaluation, "ms"> = { instances: 0, transitions: [] };
  const parts = hosts.map(({ id, name }) => ({
    subject: name,
    async run() {
      const findings = await observeHost(
        db,
        { id },
        rules.filter((rule) => isFor(rule, id)),
        now,
      );
      for (const { rule } of findings) matched.add(rule.id);
      done.instances += findings.length;
      done.transitions.push(...(await judgeHost(db, id, findings, now)));
    },
  }));
  await runParts(db, "alerts", parts, { now, signal });
  const problems = new Map(all.map(({ id, series }) => [id, noSeries(series)] as const));
  for (const { id, enabled } of all) if (matched.has(id) || !enabled) problems.delete(id);
  await noteProblems(db, all, problems);
  return { ...done, ms: performance.now() - began };
}
