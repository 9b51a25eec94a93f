import { isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import type { Finding } from "#lib/alerts/observe.ts";
import { queueDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { type AlertMemory, INACTIVE, judge, judgeElement } from "#lib/alerts/state-machine.ts";
import { notifySubscribers } from "#lib/alerts/status-subscribers.ts";
import {
  type AlertEnd,
  addTransitions,
  beginAlerts,
  changeAlerts,
  endAlerts,
  type HostScope,
  type Instance,
  keyOf,
  readInstances,
  refreshAlerts,
  type Transition,
  writeInstances,
} from "#lib/alerts/store-alerts.ts";
import type { AlertStatus } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** A finding with its instance before and after it was judged. */
type Judged = { finding: Finding; before: Instance | undefined; memory: AlertMemory };

/** Whether nothing needs to be known of an instance any more. */
const isForgotten = ({ state, fired }: AlertMemory, now: number): boolean =>
  state === "inactive" && fired.every((at) => now - at >= HOUR_MS);

/** Whether an instance is stored as it is: when it was seen stands on the clock of its host. */
const isStored = ({ before, memory }: Judged): boolean =>
  before !== undefined && JSON.stringify({ ...before.memory, seenAt: 0 }) === JSON.stringify({ ...memory, seenAt: 0 });

function judgeFinding(finding: Finding, before: Instance | undefined, seenAt: number, at: number): Judged {
  const { rule, observation } = finding;
  const memory = { ...(before?.memory ?? INACTIVE), seenAt };
  const judgeBy = isExpressionRule(rule) ? judgeElement : judge;
  return { finding, before, memory: judgeBy(memory, observation, rule, at) };
}

/** Whether findings begin nothing on a host of which nothing is known: then there is nothing to be stored. */
export const areCalm = (findings: Finding[], now: number): boolean =>
  findings.every((finding) => judgeFinding(finding, undefined, now, now).memory.state === "inactive");

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

/** Stores what judging a host changes, and queues who hears of it. */
async function storeJudged(
  scope: HostScope,
  { judged, orphans, clock }: { judged: Judged[]; orphans: Instance[]; clock: boolean },
): Promise<Transition[]> {
  const { hostId, now } = scope;
  const changes = changesOf(judged, orphans);
  const ids = await beginAlerts(scope, changes.begun);
  await changeAlerts(scope, changes.changed);
  await refreshAlerts(scope, judged);
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
    clock,
  });
  return transitions;
}

const keysOf = ({ finding: { rule, series } }: Pick<Judged, "finding">) => ({ ruleId: rule.id, seriesId: series.id });

/**
 * What is judged on a host at `now` (ms): what is known of the rules that it `judges` and finds nothing for ends, and that of all others stays. An
 * expression is judged as of its `instant`, and by when it was judged before (`seenAt`), ms; what is on a host's own clock leaves both out.
 */
export type HostJudging = {
  hostId: number;
  now: number;
  judges(ruleId: number): boolean;
  expression?: { instant: number; seenAt: number };
};

/** What a host's rules find, with what is known of them. */
type Find = (tx: Connection, stored: Instance[]) => Promise<Finding[]>;

/** Judges what is found on a host, in one transaction under the host's lock: killed anywhere, it has changed everything or nothing. */
export async function judgeHost(
  db: Database,
  { hostId, now, judges, expression }: HostJudging,
  find: Find,
): Promise<Transition[]> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alerts'), ${hostId})`;
    const scope = { tx, hostId, now };
    const { stored: all, seenAt } = await readInstances(tx, hostId, now);
    const stored = all.filter(({ ruleId }) => judges(ruleId));
    const byKey = new Map(stored.map((instance) => [keyOf(instance.ruleId, instance.seriesId), instance]));
    const judged = (await find(tx, stored)).map((finding) => {
      const key = keyOf(finding.rule.id, finding.series.id);
      const before = byKey.get(key);
      byKey.delete(key);
      return judgeFinding(finding, before, expression?.seenAt ?? seenAt, expression?.instant ?? now);
    });
    return storeJudged(scope, { judged, orphans: [...byKey.values()], clock: expression === undefined });
  });
}
