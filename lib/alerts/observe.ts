import type { AlertRule } from "#lib/alerts/rules.ts";
import type { Observation } from "#lib/alerts/state-machine.ts";
import { listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { ONGOING } from "#lib/anomalies/review.ts";
import { MAX_SERIES, type RuleAggregate } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { isDomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, selectSeries } from "#lib/tsdb/query.ts";

/** What one evaluation of a rule found on one series of a host. `value` is what it was judged by, in the series' unit; null without any. */
export type Finding = { rule: AlertRule; series: SeriesInfo; observation: Observation; value: number | null };

/** A window is read in so many steps at most, each of a second at least: the edges of a day are known to six minutes. */
const WINDOW_STEPS = 240;

type Window = { windowMs: number; aggregate: RuleAggregate; shiftMs: number };
type Values = Map<number, number | undefined>;

const FOLD: Record<RuleAggregate, (values: number[]) => number | undefined> = {
  avg: (values) => (values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined),
  min: (values) => (values.length > 0 ? Math.min(...values) : undefined),
  max: (values) => (values.length > 0 ? Math.max(...values) : undefined),
  last: (values) => values.at(-1),
};

/** The value of each series in a window that ends at `now` (ms), or so much earlier; undefined where there is no sample. */
async function readWindow(
  db: Connection,
  hostId: number,
  ids: number[],
  { windowMs, aggregate, shiftMs }: Window,
  now: number,
): Promise<Values> {
  const stepMs = Math.max(SECOND_MS, Math.ceil(windowMs / WINDOW_STEPS / SECOND_MS) * SECOND_MS);
  const to = Math.floor(now / stepMs) * stepMs + stepMs;
  const range = { hostId, from: to - windowMs, to, stepMs, shiftMs };
  const values: Values = new Map();
  for (let at = 0; at < ids.length; at += MAX_SERIES) {
    const { series } = await queryRange(db, { ...range, series: ids.slice(at, at + MAX_SERIES).map(String) });
    for (const { id, points } of series) values.set(id, FOLD[aggregate](withoutGaps(points).map(([, value]) => value)));
  }
  return values;
}

/** Windows that several rules share are read once. */
class Windows {
  readonly #read: (ids: number[], window: Window) => Promise<Values>;
  readonly #wanted = new Map<string, { window: Window; ids: Set<number> }>();
  readonly #values = new Map<string, Promise<Values>>();

  constructor(read: (ids: number[], window: Window) => Promise<Values>) {
    this.#read = read;
  }

  want(window: Window, series: SeriesInfo[]): void {
    const key = JSON.stringify(window);
    const entry = this.#wanted.get(key) ?? { window, ids: new Set() };
    for (const { id } of series) entry.ids.add(id);
    this.#wanted.set(key, entry);
  }

  values(window: Window): Promise<Values> {
    const key = JSON.stringify(window);
    const ids = [...(this.#wanted.get(key)?.ids ?? [])];
    const values = this.#values.get(key) ?? this.#read(ids, window);
    this.#values.set(key, values);
    return values;
  }
}

const HOLDS: Record<string, (value: number, level: number) => boolean> = {
  ">": (value, level) => value > level,
  ">=": (value, level) => value >= level,
  "<": (value, level) => value < level,
  "<=": (value, level) => value <= level,
};

/** Against a value of zero every other is a change beyond any percentage. */
function changePercent(before: number, now: number): number {
  if (before === now) return 0;
  return before === 0 ? Math.sign(now) * Number.POSITIVE_INFINITY : (100 * (now - before)) / Math.abs(before);
}

const windowsOf = ({ windowMs, aggregate, condition }: AlertRule): Window[] => {
  if (condition.kind === "anomaly") return [];
  const own = { windowMs, aggregate, shiftMs: 0 };
  return condition.kind === "change" ? [own, { ...own, shiftMs: condition.againstMs }] : [own];
};

/** The surest anomaly that goes on, by series. */
async function runningAnomalies(db: Connection, hostId: number, now: number): Promise<Values> {
  const filter = { hostId, from: 0, to: now + 1, statuses: ONGOING };
  const { anomalies } = await listAnomalies(db, filter, { skip: 0, take: 1_000 });
  const surest: Values = new Map();
  for (const { seriesId, confidence } of anomalies)
    surest.set(seriesId, Math.max(surest.get(seriesId) ?? 0, confidence));
  return surest;
}

const value = (current: number, breached: boolean, recovered = !breached): Observation => ({
  kind: "value",
  value: current,
  breached,
  recovered,
});

/** One series' observation by a rule's condition. `now` and `before` are the windows' values. */
function observe({ condition }: AlertRule, now: number | undefined, before: number | undefined): Observation {
  if (condition.kind === "absence") return value(now ?? 0, now === undefined);
  if (condition.kind === "anomaly") return value(now ?? 0, now !== undefined && now >= condition.confidence);
  if (now === undefined) return { kind: "no_data" };
  if (condition.kind === "threshold") {
    const holds = HOLDS[condition.operator] ?? (() => false);
    return value(now, holds(now, condition.level), !holds(now, condition.resolveLevel ?? condition.level));
  }
  if (before === undefined) return { kind: "no_data" };
  const change = changePercent(before, now);
  const size = condition.direction === "down" ? -change : condition.direction === "up" ? change : Math.abs(change);
  return value(now, size >= condition.percent);
}

type Scope = { db: Connection; host: { id: number }; now: number; windows: Windows; anomalies: () => Promise<Values> };

async function observeRule(rule: AlertRule, series: SeriesInfo[], scope: Scope): Promise<Finding[]> {
  try {
    const [own, earlier] = windowsOf(rule);
    const now = own ? await scope.windows.values(own) : await scope.anomalies();
    const before = earlier && (await scope.windows.values(earlier));
    return series.map((each) => ({
      rule,
      series: each,
      observation: observe(rule, now.get(each.id), before?.get(each.id)),
      value: now.get(each.id) ?? null,
    }));
  } catch (error) {
    if (databaseFailure(error)) throw error;
    const observation: Observation = { kind: "error", message: reasonOf(error) };
    return series.map((each) => ({ rule, series: each, observation, value: null }));
  }
}

function selected(all: SeriesInfo[], rule: AlertRule): SeriesInfo[] {
  try {
    return selectSeries(all, rule.series);
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}

/** What rules find on a host at `now` (ms), a finding for each series that they select. A query that fails is what its own rules found. */
export async function observeHost(
  db: Connection,
  host: { id: number },
  rules: AlertRule[],
  now: number,
): Promise<Finding[]> {
  const all = await listSeries(db, host.id);
  const windows = new Windows((ids, window) => readWindow(db, host.id, ids, window, now));
  let anomalies: Promise<Values> | undefined;
  const scope: Scope = {
    ...{ db, host, now, windows },
    anomalies: () => {
      anomalies ??= runningAnomalies(db, host.id, now);
      return anomalies;
    },
  };
  const wanted = rules.map((rule) => ({ rule, series: selected(all, rule) }));
  for (const { rule, series } of wanted) for (const window of windowsOf(rule)) windows.want(window, series);
  const found: Finding[] = [];
  for (const { rule, series } of wanted) found.push(...(await observeRule(rule, series, scope)));
  return found;
}
