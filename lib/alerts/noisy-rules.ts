import { backtestRule, longestOf } from "#lib/alerts/backtest.ts";
import { type AlertRule, type RuleInput, readRule } from "#lib/alerts/rules.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { durationText } from "#lib/format/duration.ts";
import { median } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** How often a rule called somebody in a week, of how many series, and how long half of its alerts lasted at most (ms). */
export type NoisyRule = {
  ruleId: number;
  rule: string;
  alerts: number;
  series: number;
  acknowledged: number;
  medianMs: number;
};

const WEEK_MS = 7 * DAY_MS;
const MOST_RULES = 10;

/** A rule with fewer alerts a week than this disturbs nobody. */
const NOISY = 3;

/** The rules with the most alerts of the week before `now` (ms), that with the most first. */
export async function listNoisyRules(db: Connection, now: number): Promise<NoisyRule[]> {
  const rules = new Map(
    (await db.alertRule.findMany({ select: { id: true, name: true } })).map((row) => [row.id, row]),
  );
  const rows = await db.alert.findMany({
    where: { firedAt: { gte: new Date(now - WEEK_MS), lte: new Date(now) }, ruleId: { in: [...rules.keys()] } },
    select: { ruleId: true, hostId: true, seriesId: true, firedAt: true, endedAt: true, acknowledgedAt: true },
  });
  const byRule = [...Map.groupBy(rows, ({ ruleId }) => ruleId)];
  return byRule
    .filter(([, alerts]) => alerts.length >= NOISY)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_RULES)
    .map(([ruleId, alerts]) => {
      const lengths = alerts.map(({ firedAt, endedAt }) => (endedAt?.getTime() ?? now) - (firedAt?.getTime() ?? now));
      return {
        ...{ ruleId, rule: rules.get(ruleId)?.name ?? "", alerts: alerts.length },
        series: new Set(alerts.map(({ hostId, seriesId }) => `${hostId} ${seriesId}`)).size,
        acknowledged: alerts.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
        medianMs: median(lengths),
      };
    });
}

/** A change of a rule, in words, with the alerts that it would have raised. */
export type Remedy = { title: string; rule: RuleInput; alerts: number; longestMs: number };

/** What is tried on a rule: a longer wait, an end that is further away, another level. */
function candidates(rule: AlertRule): { title: string; rule: RuleInput }[] {
  const { id: _, updatedAt: __, problem: ___, ...input } = rule;
  const waits = [2, 5, 10, 15, 30, 60].map((minutes) => minutes * MINUTE_MS).filter((ms) => ms > input.forMs);
  const tried = waits
    .slice(0, 3)
    .map((forMs) => ({ title: `Must hold for ${durationText(forMs)}`, rule: { ...input, forMs } }));
  const { condition } = input;
  if (condition.kind === "threshold") {
    const { level, operator } = condition;
    const up = operator.startsWith(">") ? 1 : -1;
    const step = Math.abs(level) || 1;
    const round = (figure: number) => Number(figure.toPrecision(3));
    const resolveLevel = round(level - up * step * 0.1);
    if (condition.resolveLevel === undefined || up * (condition.resolveLevel - resolveLevel) > 0)
      tried.push({
        title: `Ends only past ${resolveLevel}`,
        rule: { ...input, condition: { ...condition, resolveLevel } },
      });
    for (const share of [0.05, 0.1])
      tried.push({
        title: `Level ${round(level + up * step * share)}`,
        rule: { ...input, condition: { ...condition, level: round(level + up * step * share) } },
      });
  } else {
    const keepFiringMs = Math.max(15 * MINUTE_MS, 2 * input.keepFiringMs);
    if (keepFiringMs <= HOUR_MS)
      tried.push({
        title: `Goes on for ${durationText(keepFiringMs)} after its end`,
        rule: { ...input, keepFiringMs },
      });
  }
  return tried;
}

/**
 * What would make a rule quieter, by the past week: each change with its own back-test, that of the rule as it is first. Only what
 * raises fewer alerts is a remedy. @throws DomainError not-found, cancelled
 */
export async function findRemedies(
  db: Database,
  id: number,
  { now, signal }: { now: number; signal: AbortSignal },
): Promise<{ alerts: number; remedies: Remedy[] }> {
  const rule = await readRule(db, id);
  const test = (input: RuleInput) => backtestRule(db, input, { days: 7, now, signal });
  const present = (await test(rule)).alerts.length;
  const remedies: Remedy[] = [];
  for (const { title, rule: tried } of present > 0 ? candidates(rule) : []) {
    const tested = await test(tried);
    if (tested.alerts.length < present)
      remedies.push({ title, rule: tried, alerts: tested.alerts.length, longestMs: longestOf(tested) });
  }
  return { alerts: present, remedies: remedies.sort((a, b) => a.alerts - b.alerts) };
}
