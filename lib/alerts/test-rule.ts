import {
  type Backtest,
  type BacktestSummary,
  backtestRule,
  lengthOf,
  summarizeBacktest,
} from "#lib/alerts/backtest.ts";
import { isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { selected } from "#lib/alerts/observe.ts";
import type { PastAlert } from "#lib/alerts/past-alerts.ts";
import { previewExpression } from "#lib/alerts/preview-expression.ts";
import { listReceivers } from "#lib/alerts/receivers.ts";
import { checkedRule, coversHost, type RuleInput } from "#lib/alerts/rules.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import type { Point } from "#lib/tsdb/points.ts";
import { queryRange, selectSeries } from "#lib/tsdb/query.ts";

type Charted = { host: string; series: string; unit: string; rate: boolean; points: Point[] };

/** What a rule would have done, for whoever writes it. */
export type RuleTest = BacktestSummary & {
  from: Date;
  to: Date;
  problem: string | null;
  series: number;
  leftOut: number;
  channels: { name: string; alerts: number }[];
  examples: { hostId: number; host: string; series: string; from: Date; to: Date | null }[];
  chart: Charted | null;
};

const EXAMPLES = 100;
const POINTS = 480;

/** Where a rule's series is looked at first: where it raised the most alerts, else on any host that has it. */
async function chartedSeries(db: Connection, rule: RuleInput, { alerts }: Backtest) {
  const counts = Map.groupBy(alerts, ({ hostId, series }) => JSON.stringify([hostId, series]));
  const [most] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  const [hostId, name] = (most ? JSON.parse(most[0]) : []) as [number?, string?];
  for (const host of await listHosts(db)) {
    if (!coversHost(rule, host.id) || (hostId !== undefined && host.id !== hostId)) continue;
    try {
      const own = selectSeries(await listSeries(db, host.id), rule.series);
      const series = own.find((each) => each.name === name) ?? own[0];
      if (series) return { host, series };
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  }
  return undefined;
}

async function chartOf(db: Connection, rule: RuleInput, tested: Backtest): Promise<Charted | null> {
  if (rule.condition.kind === "heartbeat" || rule.condition.kind === "expression") return null;
  const found = await chartedSeries(db, rule, tested);
  if (!found) return null;
  const { host, series } = found;
  const { from, to } = tested;
  const range = { hostId: host.id, series: [String(series.id)], from, to, points: POINTS };
  const points = (await queryRange(db, { ...range, shape: true })).series[0]?.points ?? [];
  return { host: host.name, series: series.name, unit: series.unit, rate: isCumulative(series.kind), points };
}

/** How many alerts each channel would have heard of. */
async function tellsOf(db: Connection, rule: RuleInput, alerts: PastAlert[]): Promise<RuleTest["channels"]> {
  const receive = await listReceivers(db);
  const counts = new Map<string, number>();
  for (const { hostId, host, series } of alerts) {
    const labels = { ...rule.labels, host, series, rule: rule.name, severity: rule.severity };
    for (const { name } of receive({ hostId, severity: rule.severity, labels }))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, alerts: count }));
}

/** Back-tests a rule as it is written. @throws DomainError validation, cancelled */
export async function testRule(
  db: Database,
  input: RuleInput,
  { days, zone, now, signal }: { days: number; zone: string; now: number; signal: AbortSignal },
): Promise<RuleTest> {
  const { problem, ...rule } = await checkedRule(db, input);
  const tested = await backtestRule(db, rule, { days, now, signal });
  const { from, to, series, leftOut, alerts } = tested;
  const examples = alerts.toSorted((a, b) => lengthOf(b, to) - lengthOf(a, to)).slice(0, EXAMPLES);
  return {
    ...{ from: new Date(from), to: new Date(to), problem, series, leftOut },
    ...summarizeBacktest(tested, zone),
    channels: await tellsOf(db, rule, alerts),
    examples: examples.map((alert) => ({
      ...alert,
      from: new Date(alert.from),
      to: alert.to === null ? null : new Date(alert.to),
    })),
    chart: await chartOf(db, rule, tested),
  };
}

/** What a rule would judge now: how many series on how many hosts, and of an expression the first elements. */
export type RuleCheck = {
  problem: string | null;
  series: number;
  hosts: number;
  elements: { host: string; labels: Record<string, string>; value: number | null; summary: string }[];
};

/** What a rule would judge at `now` (ms), while it is written. @throws DomainError validation, QueryError of an expression */
export async function checkRule(
  db: Database,
  input: RuleInput,
  { now, signal }: { now: number; signal: AbortSignal },
): Promise<RuleCheck> {
  const { problem, ...rule } = await checkedRule(db, input);
  const judged = { ...rule, id: 0, updatedAt: new Date(now), problem };
  if (isExpressionRule(judged)) return previewExpression(db, judged, { now, signal });
  return { ...(await countSeries(db, rule)), problem, elements: [] };
}

async function countSeries(db: Connection, rule: RuleInput): Promise<Pick<RuleCheck, "series" | "hosts">> {
  if (rule.condition.kind === "heartbeat") return { series: 0, hosts: rule.hostIds.length };
  const counts: number[] = [];
  for (const { id } of await listHosts(db))
    if (coversHost(rule, id)) counts.push(selected(await listSeries(db, id), rule.series).length);
  const found = counts.filter((count) => count > 0);
  return { series: found.reduce((sum, count) => sum + count, 0), hosts: found.length };
}
