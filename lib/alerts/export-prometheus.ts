import { stringify } from "yaml";
import { type ExpressionRule, isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { type AlertRule, listRules } from "#lib/alerts/rules.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const UNITS: [string, number][] = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
];

/** Whole ms as Prometheus writes a duration: 1h30m. */
function durationOf(ms: number): string {
  let [text, rest] = ["", ms];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest %= size;
  }
  return rest > 0 ? `${text}${rest}ms` : text || "0s";
}

/** The group of rules that were made here. */
const OWN_GROUP = "Sightline";

type Exported = AlertRule & ExpressionRule;

const fileRule = ({ name, severity, forMs, keepFiringMs, labels, note, runbook, condition }: Exported) => ({
  alert: condition.origin?.alert ?? name,
  expr: condition.expr,
  ...(forMs > 0 ? { for: durationOf(forMs) } : {}),
  ...(keepFiringMs > 0 ? { keep_firing_for: durationOf(keepFiringMs) } : {}),
  labels: { severity, ...labels },
  annotations: {
    ...(note ? { description: note } : {}),
    ...(runbook ? { runbook_url: runbook } : {}),
    ...condition.annotations,
  },
});

/** Rules of one group share its interval and its limit: those that differ stand in one of their own. */
function groupsOf(rules: Exported[]) {
  const byGroup = Map.groupBy(rules, ({ condition: { origin, everyMs, limit } }) =>
    JSON.stringify([origin?.group ?? OWN_GROUP, everyMs, limit]),
  );
  const used = new Map<string, number>();
  return [...byGroup].map(([key, own]) => {
    const [group, everyMs, limit] = JSON.parse(key) as [string, number, number];
    const number = (used.get(group) ?? 0) + 1;
    used.set(group, number);
    return {
      ...{ name: number === 1 ? group : `${group} ${number}`, interval: durationOf(everyMs) },
      ...(limit > 0 ? { limit } : {}),
      rules: own.map(fileRule),
    };
  });
}

/** The rules that are expressions and switched on, as a rule file of Prometheus. */
export async function exportPrometheusRules(db: Connection): Promise<string> {
  const rules = (await listRules(db)).filter(({ enabled }) => enabled).filter(isExpressionRule);
  return stringify({ groups: groupsOf(rules) }, { lineWidth: 120 });
}
