import { backtestExpression } from "#lib/alerts/backtest-expression.ts";
import { needsOf, observe, type Subject } from "#lib/alerts/conditions/conditions.ts";
import { readPastValues } from "#lib/alerts/conditions/past-values.ts";
import { isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { readSubjects } from "#lib/alerts/observe.ts";
import type { PastAlert } from "#lib/alerts/past-alerts.ts";
import { type AlertRule, coversHost, type RuleInput } from "#lib/alerts/rules.ts";
import { INACTIVE, judge } from "#lib/alerts/state-machine.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { dayOf } from "#lib/time/calendar.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { localTime } from "#lib/time/zone.ts";

/** What a rule would have done: [from, to) in ms, of so many series, of more than that only the first. */
export type Backtest = {
  from: number;
  to: number;
  stepMs: number;
  series: number;
  leftOut: number;
  alerts: PastAlert[];
};

/** So many series are tested: some 50 ms each. */
const MOST_SERIES = 50;

/** An evaluation a minute, and of long windows fewer; a pause that is longer would make every wait begin anew. */
const MOST_STEP_MS = 10 * MINUTE_MS;
const stepOf = (windowMs: number) =>
  Math.min(MOST_STEP_MS, Math.max(MINUTE_MS, Math.floor(windowMs / HOUR_MS) * MINUTE_MS));

type Tested = { hostId: number; host: string; subject: Subject };

/** Whether any sample of a series has come by an instant: what has not begun is not missing. */
async function firstSample(db: Connection, { hostId, subject }: Tested, from: number, to: number): Promise<number> {
  const { series } = subject;
  const window = { kind: "samples", windowMs: MINUTE_MS, aggregate: "last", shiftMs: 0 } as const;
  const past = await readPastValues({ db, hostId, from, to }, [{ window, series }]);
  for (let at = from; at < to; at += MINUTE_MS) if (past.at(at).value(window, series.id) !== undefined) return at;
  return to;
}

async function testSeries(
  db: Connection,
  rule: AlertRule,
  tested: Tested,
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
): Promise<PastAlert[]> {
  const { hostId, host, subject } = tested;
  const begin = await firstSample(db, tested, from, to);
  const past = await readPastValues({ db, hostId, from, to }, needsOf(rule, subject));
  const alerts: PastAlert[] = [];
  let memory = INACTIVE;
  for (let at = begin; at < to; at += stepMs) {
    const before = memory.state;
    memory = judge(
      { ...memory, seenAt: memory.seenAt || at },
      observe(rule, subject, past.at(at)).observation,
      rule,
      at,
    );
    const last = alerts.at(-1);
    if (memory.state === "firing" && before !== "firing")
      alerts.push({ hostId, host, series: subject.series.name, from: at, to: null });
    if (memory.state !== "firing" && before === "firing" && last) last.to = at;
  }
  return alerts;
}

async function testedSeries(db: Connection, rule: AlertRule, now: number): Promise<Tested[]> {
  const found: Tested[] = [];
  for (const { id, name } of await listHosts(db, now)) {
    if (!coversHost(rule, id)) continue;
    const subjectsOf = await readSubjects(db, id, now);
    found.push(...subjectsOf(rule).map((subject) => ({ hostId: id, host: name, subject })));
  }
  return found;
}

/**
 * What a rule would have done in the `days` before `now` (ms), by the conditions and the state machine of the evaluation itself, on
 * minutes. @throws DomainError cancelled (by the signal), QueryError of an expression
 */
export async function backtestRule(
  db: Database,
  input: RuleInput,
  { days, now, signal }: { days: number; now: number; signal: AbortSignal },
): Promise<Backtest> {
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const span = { from: to - days * DAY_MS, to, stepMs: stepOf(input.windowMs) };
  const rule: AlertRule = { ...input, id: 0, updatedAt: new Date(now), problem: null };
  if (isExpressionRule(rule)) {
    const { alerts, ...past } = await backtestExpression(db, rule, { days, now, signal });
    return { ...past, leftOut: 0, alerts: alerts.sort((a, b) => a.from - b.from) };
  }
  const all = rule.condition.kind === "heartbeat" ? [] : await testedSeries(db, rule, now);
  const alerts: PastAlert[] = [];
  for (const tested of all.slice(0, MOST_SERIES)) {
    if (signal.aborted) throw new DomainError("cancelled", "Nobody waits for this back-test any more");
    alerts.push(...(await testSeries(db, rule, tested, span)));
  }
  const series = Math.min(all.length, MOST_SERIES);
  return { ...span, series, leftOut: all.length - series, alerts: alerts.sort((a, b) => a.from - b.from) };
}

/** How long an alert of a past that ends at `end` (ms) lasted, ms. */
export const lengthOf = ({ from, to }: PastAlert, end: number): number => (to ?? end) - from;

/** How long the longest of its alerts lasted, ms. */
export const longestOf = ({ alerts, to }: Backtest): number =>
  alerts.reduce((most, alert) => Math.max(most, lengthOf(alert, to)), 0);

/** Alerts of a past in figures: those that began at night (22 to 6 o'clock in a zone), the longest (ms), and how many on each day there. */
export type BacktestSummary = {
  alerts: number;
  night: number;
  longestMs: number;
  byDay: { at: number; raised: number }[];
};

const MORNING = 6;
const EVENING = 22;

/** @throws DomainError validation for a zone that there is not */
export function summarizeBacktest(tested: Backtest, zone: string): BacktestSummary {
  const { from, to, alerts } = tested;
  const hourAt = (at: number) => Math.floor((localTime(zone, at) % DAY_MS) / HOUR_MS);
  const dayAt = (at: number) => dayOf(localTime(zone, at));
  const days = new Map<number, { at: number; raised: number }>();
  for (let at = from; at < to; at += HOUR_MS) if (!days.has(dayAt(at))) days.set(dayAt(at), { at, raised: 0 });
  for (const alert of alerts) {
    const day = days.get(dayAt(alert.from));
    if (day) day.raised++;
  }
  return {
    alerts: alerts.length,
    night: alerts.filter(({ from: at }) => hourAt(at) < MORNING || hourAt(at) >= EVENING).length,
    longestMs: longestOf(tested),
    byDay: [...days.values()],
  };
}
