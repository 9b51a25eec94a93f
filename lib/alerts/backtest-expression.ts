import type { JudgedRule } from "#lib/alerts/expression-findings.ts";
import { compileRule } from "#lib/alerts/expressions/compile.ts";
import { readPlacing } from "#lib/alerts/expressions/places.ts";
import type { PastAlert } from "#lib/alerts/past-alerts.ts";
import { ExpressionReplay } from "#lib/alerts/replay-expression.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames, readableHosts } from "#lib/hosts/hosts.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { queryRange } from "#lib/promql/engine.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** A rule with more alerts than this in a past needs no count of them. */
const MOST_ALERTS = 20_000;

/** Of more days than this each fifth minute is evaluated: of 30 days else 43,200. */
const EACH_MINUTE_DAYS = 7;

/** The instants of a past are so far apart, ms. */
const stepOf = (rule: JudgedRule, days: number): number =>
  Math.max(rule.condition.everyMs, days > EACH_MINUTE_DAYS ? 5 * MINUTE_MS : MINUTE_MS);

type Fired = { labels: LabelSet; from: number; to: number | null };

async function readFired(
  db: Database,
  rule: JudgedRule,
  { from, to, stepMs, signal }: { from: number; to: number; stepMs: number; signal: AbortSignal },
): Promise<{ fired: Fired[]; elements: number }> {
  const compiled = compileRule(rule);
  const hosts = await readableHosts(db);
  const replay = new ExpressionReplay(compiled, rule);
  const [fired, open, seen] = [[] as Fired[], new Map<string, Fired>(), new Set<string>()];
  for (let begin = from; begin < to; begin += DAY_MS) {
    const span = { fromMs: begin, toMs: Math.min(begin + DAY_MS, to) - stepMs, stepMs };
    const series = await queryRange(new StoreReader(db, hosts, { signal }), compiled.expression, span, { signal });
    for (const { at, alerts } of replay.step(series, span)) {
      for (const [key, { element, memory }] of alerts) {
        seen.add(key);
        if (memory.state !== "firing" || open.has(key)) continue;
        const alert: Fired = { labels: element.labels, from: at, to: null };
        open.set(key, alert);
        fired.push(alert);
      }
      for (const [key, alert] of open) {
        if (alerts.has(key)) continue;
        alert.to = at;
        open.delete(key);
      }
    }
    if (fired.length > MOST_ALERTS)
      throw new DomainError("too-costly", `It would have fired more than ${MOST_ALERTS} times: test fewer days`);
  }
  return { fired, elements: seen.size };
}

/** What an expression rule would have done in the `days` before `now` (ms). @throws QueryError; DomainError too-costly */
export async function backtestExpression(
  db: Database,
  rule: JudgedRule,
  { days, now, signal }: { days: number; now: number; signal: AbortSignal },
): Promise<{ from: number; to: number; stepMs: number; series: number; alerts: PastAlert[] }> {
  const stepMs = stepOf(rule, days);
  const to = Math.floor(now / stepMs) * stepMs;
  const from = to - Math.ceil((days * DAY_MS) / stepMs) * stepMs;
  const { fired, elements } = await readFired(db, rule, { from, to, stepMs, signal });
  const { ownHostId, placeOf } = await readPlacing(db, now);
  const placed = fired.map((alert) => ({ ...alert, location: placeOf(alert.labels) }));
  const hostIdOf = ({ location }: (typeof placed)[number]) => location?.hostId ?? ownHostId;
  const names = await hostNames(db, [...new Set(placed.map(hostIdOf))]);
  const alerts = placed.map((alert) => {
    const { alertname = rule.name, ...labels } = alert.location?.labels ?? alert.labels.toRecord();
    const hostId = hostIdOf(alert);
    const series = seriesName(alertname, labels);
    return { hostId, host: names.get(hostId) ?? `host ${hostId}`, series, from: alert.from, to: alert.to };
  });
  return { from, to, stepMs, series: elements, alerts };
}
