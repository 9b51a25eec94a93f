import type { ValueMemo } from "#lib/alerts/conditions/live-values.ts";

import { judgeChannels } from "#lib/alerts/failing-channels.ts";
import { type Finding, observeHost } from "#lib/alerts/observe.ts";
import { queueDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { coversHost, listRules, noSeries, noteProblems } from "#lib/alerts/rules.ts";
import { type AlertMemory, INACTIVE, judge } from "#lib/alerts/state-machine.ts";
import { notifySubscribers } from "#lib/alerts/status-subscribers.ts";
import {
  type AlertEnd,
  addTransitions,
  beginAlerts,
  changeAlerts,
  endAlerts,
  type Instance,
  keyOf,
  readInstances,
  type Transition,
  writeInstances,
} from "#lib/alerts/store-alerts.ts";
import type { RuleCondition } from "#lib/contract/alert-conditions.ts";
import type { AlertStatus } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts, retiredHostIds } from "#lib/hosts/hosts.ts";
import { runParts } from "#lib/jobs/failures.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** What an evaluation did: rules' instances judged, and what changed. */
export type Evaluation = { instances: number; transitions: Transition[]; ms: number };

/** A finding with its instance before and after it was judged. */
type Judged = { finding: Finding; before: Instance | undefined; memory: AlertMemory };

/** Whether nothing needs to be known of an instance any more. */
const isForgotten = ({ state, fired }: AlertMemory, now: number): boolean =>
  state === "inactive" && fired.every((at) => now - at >= HOUR_MS);

/** Whether an instance is stored as it is: when it was seen stands on the clock of its host. */
const isStored = ({ before, memory }: Judged): boolean =>
  before !== undefined && JSON.stringify({ ...before.memory, seenAt: 0 }) === JSON.stringify({ ...memory, seenAt: 0 });

function judgeFinding(finding: Finding, before: Instance | undefined, seenAt: number, now: number): Judged {
  const memory = judge({ ...(before?.memory ?? INACTIVE), seenAt }, finding.observation, finding.rule, now);
  return { finding, before, memory };
}

/** What a host's judging changes: alerts that begin, change and end. */
function changesOf(judged: Judged[], orphans: Instance[]): { begun: Judged[]; changed: Judged[]; ended: AlertEnd[] } {
  const moved = judged.filter(({ before, memory }) => memory.state !== (before?.memory.state ?? "inactive"));
  const going = moved.filter(({ memory }) => memory.state !== "inactive");
  const over = moved.filter(({ memory }) => memory.state === "inactive");
  return {
    begun: going.filter(({ before }) => (before?.alertId ?? null) === null),
    changed: going.filter(({ before }) => (before?.alertId ?? null) !== null),
    ended: [
      ...over.map(({ before, finding }) => ({ alertId: before?.alertId ?? null, value: finding.value })),
      // The rule was removed, switched off, or selects the series no longer.
      ...orphans.map(({ alertId }) => ({ alertId, value: null })),
    ].flatMap(({ alertId, value }) => (alertId === null ? [] : [{ alertId, value }])),
  };
}

/** Judges what was found on a host, in one transaction under the host's lock: killed anywhere, it has changed everything or nothing. */
async function judgeHost(db: Database, hostId: number, findings: Finding[], now: number): Promise<Transition[]> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alerts'), ${hostId})`;
    const scope = { tx, hostId, now };
    const { stored, seenAt } = await readInstances(tx, hostId, now);
    const byKey = new Map(stored.map((instance) => [keyOf(instance.ruleId, instance.seriesId), instance]));
    const judged = findings.map((finding) => {
      const key = keyOf(finding.rule.id, finding.series.id);
      const before = byKey.get(key);
      byKey.delete(key);
      return judgeFinding(finding, before, seenAt, now);
    });
    const orphans = [...byKey.values()];
    const changes = changesOf(judged, orphans);
    const ids = await beginAlerts(scope, changes.begun);
    await changeAlerts(scope, changes.changed);
    const ended = await endAlerts(scope, changes.ended);
    const alertOf = ({ finding: { rule, series }, before, memory }: Judged): number | null =>
      memory.state === "inactive" ? null : (before?.alertId ?? ids.get(keyOf(rule.id, series.id)) ?? null);
    const going = [...changes.begun, ...changes.changed].map((each) => ({
      ...{ hostId, alertId: alertOf(each) as number, value: each.finding.value },
      ...{ state: each.memory.state as AlertStatus, severity: each.finding.rule.severity },
    }));
    const transitions = [...going, ...ended];
    await addTransitions(scope, transitions);
    await queueDeliveries(scope, transitions);
    await notifySubscribers(scope, transitions);
    const kept = judged.filter(
      ({ before, memory }) => !isForgotten(memory, now) && (before || memory.state !== "inactive"),
    );
    const forgotten = judged.filter(({ before, memory }) => before && isForgotten(memory, now));
    await writeInstances(scope, {
      written: kept
        .filter((each) => !isStored(each))
        .map((each) => ({ ...keysOf(each), memory: each.memory, alertId: alertOf(each) })),
      removed: [...orphans, ...forgotten.map(keysOf)],
    });
    return transitions;
  });
}

const keysOf = ({ finding: { rule, series } }: Pick<Judged, "finding">) => ({ ruleId: rule.id, seriesId: series.id });

/** So long (ms) after a pause nothing counts as missing: while nobody judged, nobody may have collected either, and what was spooled is on its way. */
const RESUME_MS = MINUTE_MS;

const MISSING: string[] = ["absence", "heartbeat"] satisfies RuleCondition["kind"][];

/** What is missing because the portal itself was away changes nothing. */
const withoutOwnGaps = (findings: Finding[]): Finding[] =>
  findings.map((finding) => {
    const { rule, observation } = finding;
    if (!MISSING.includes(rule.condition.kind) || observation.kind !== "value" || !observation.breached) return finding;
    return { ...finding, rule: { ...rule, noData: "keep" }, observation: { kind: "no_data" } };
  });

async function retiredWithAlerts(db: Database): Promise<number[]> {
  const where = { hostId: { in: await retiredHostIds(db) } };
  return (await db.alertInstance.groupBy({ by: ["hostId"], where })).map(({ hostId }) => hostId);
}

/** Judges all rules on all hosts at `now` (ms), after a pause that ended at `resumedAt` (ms). A host that fails stops no other, and is tried again with back-off. */
export async function evaluateAlerts(
  db: Database,
  now: number,
  { signal, memo, resumedAt = 0 }: { signal?: AbortSignal; memo?: ValueMemo; resumedAt?: number } = {},
): Promise<Evaluation> {
  const began = performance.now();
  const [all, hosts] = await Promise.all([listRules(db), listHosts(db, now)]);
  const rules = all.filter(({ enabled }) => enabled);
  if (rules.length === 0 && (await db.alertInstance.count()) === 0) return { instances: 0, transitions: [], ms: 0 };
  const matched = new Set<number>();
  const done: Omit<Evaluation, "ms"> = { instances: 0, transitions: [] };
  const parts = hosts.map(({ id, name }) => ({
    subject: name,
    async run() {
      const observed = await observeHost(
        db,
        { hostId: id, now, memo },
        rules.filter((rule) => coversHost(rule, id)),
      );
      const findings = now - resumedAt < RESUME_MS ? withoutOwnGaps(observed) : observed;
      for (const { rule } of findings) matched.add(rule.id);
      done.instances += findings.length;
      done.transitions.push(...(await judgeHost(db, id, findings, now)));
    },
  }));
  // Of a host that is watched no longer nothing is found, and so its alerts end.
  const retired = (await retiredWithAlerts(db)).map((id) => ({
    subject: `retired host ${id}`,
    run: async () => void done.transitions.push(...(await judgeHost(db, id, [], now))),
  }));
  await runParts(db, "alerts", [...parts, ...retired], { now, signal });
  const problems = new Map(all.map(({ id, series }) => [id, noSeries(series)] as const));
  for (const { id, enabled } of all) if (matched.has(id) || !enabled) problems.delete(id);
  await noteProblems(db, all, problems);
  await judgeChannels(db, now);
  return { ...done, ms: performance.now() - began };
}
