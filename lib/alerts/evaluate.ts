import type { ValueMemo } from "#lib/alerts/conditions/live-values.ts";
import { isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { judgeChannels } from "#lib/alerts/failing-channels.ts";
import { areCalm, judgeHost } from "#lib/alerts/judge-host.ts";
import { type Finding, observeHost } from "#lib/alerts/observe.ts";
import { coversHost, noSeries, noteProblems, rulesToJudge } from "#lib/alerts/rules.ts";
import type { Transition } from "#lib/alerts/store-alerts.ts";
import type { RuleCondition } from "#lib/contract/alert-conditions.ts";
import type { Database } from "#lib/db/client.ts";
import { held } from "#lib/db/held.ts";
import { reader } from "#lib/db/reading.ts";
import { retiredHostIds, watchedHosts } from "#lib/hosts/hosts.ts";
import { runParts } from "#lib/jobs/failures.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** What an evaluation did: rules' instances judged, and what changed. */
export type Evaluation = { instances: number; transitions: Transition[]; ms: number };

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

/** The hosts where anything is remembered of a rule. */
async function hostsOfInstances(db: Database): Promise<Set<number>> {
  const rows = await held().get("alert_instance", "hosts", () => db.alertInstance.groupBy({ by: ["hostId"] }));
  return new Set(rows.map(({ hostId }) => hostId));
}

/** Judges all rules on all hosts at `now` (ms), after a pause that ended at `resumedAt` (ms). A host that fails stops no other, and is tried again with back-off. */
export async function evaluateAlerts(
  db: Database,
  now: number,
  { signal, memo, resumedAt = 0 }: { signal?: AbortSignal; memo?: ValueMemo; resumedAt?: number } = {},
): Promise<Evaluation> {
  const began = performance.now();
  const reads = reader(db);
  const [all, hosts, retired, withInstances] = await Promise.all([
    rulesToJudge(db),
    watchedHosts(reads),
    retiredHostIds(reads),
    hostsOfInstances(db),
  ]);
  const enabled = all.filter((rule) => rule.enabled);
  const rules = enabled.filter((rule) => !isExpressionRule(rule));
  // Expressions are evaluated for all hosts at once, elsewhere.
  const elsewhere = new Set(enabled.filter(isExpressionRule).map(({ id }) => id));
  const judges = (ruleId: number) => !elsewhere.has(ruleId);
  if (rules.length === 0 && withInstances.size === 0) return { instances: 0, transitions: [], ms: 0 };
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
      if (!withInstances.has(id) && areCalm(findings, now)) return;
      done.transitions.push(...(await judgeHost(db, { hostId: id, now, judges }, async () => findings)));
    },
  }));
  // Of a host that is watched no longer nothing is found, and so its alerts end.
  const gone = retired
    .filter((id) => withInstances.has(id))
    .map((id) => ({
      subject: `retired host ${id}`,
      run: async () =>
        void done.transitions.push(...(await judgeHost(db, { hostId: id, now, judges: () => true }, async () => []))),
    }));
  await runParts(db, "alerts", [...parts, ...gone], { now, signal });
  const bySeries = all.filter((rule) => !isExpressionRule(rule));
  const problems = new Map(bySeries.map(({ id, series }) => [id, noSeries(series)] as const));
  for (const { id, enabled } of bySeries) if (matched.has(id) || !enabled) problems.delete(id);
  await noteProblems(db, bySeries, problems);
  await judgeChannels(db, now);
  return { ...done, ms: performance.now() - began };
}
