import { needsOf, observe, partSelectors, type Subject } from "#lib/alerts/conditions/conditions.ts";
import { type Intervals, readValues, type ValueMemo, type ValueScope } from "#lib/alerts/conditions/live-values.ts";
import type { Observation } from "#lib/alerts/conditions/observation.ts";
import type { Values } from "#lib/alerts/conditions/windows.ts";
import { HEARTBEAT_SERIES, observeHeartbeat, readHeartbeats } from "#lib/alerts/heartbeats.ts";
import type { AlertRule } from "#lib/alerts/rules.ts";
import type { Database } from "#lib/db/client.ts";
import { type Reader, reader } from "#lib/db/reading.ts";
import { isDomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { readIntervals, selectSeries } from "#lib/tsdb/query.ts";

/** The labels and texts of an alert that an element of an expression has. */
export type ElementTexts = { labels: Record<string, string>; annotations: Record<string, string>; expr: string };

/**
 * What one evaluation of a rule found on one series of a host, or for one element of an expression. `value` is what it was judged by; null without
 * any.
 */
export type Finding = {
  rule: AlertRule;
  series: SeriesInfo;
  observation: Observation;
  value: number | null;
  element?: ElementTexts;
};

/** The series that a selector names; none where it names nothing. */
export function selected(all: SeriesInfo[], selector: string): SeriesInfo[] {
  try {
    return selectSeries(all, selector);
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}

/** What rules judge on a host as of `now` (ms): answers a rule's series there, each with those of its parts. `before` are intervals that need not be read. */
export async function readSubjects(
  db: Reader,
  hostId: number,
  now: number,
  before?: Intervals,
): Promise<(rule: AlertRule) => Subject[]> {
  const [all, intervals] = [await listSeries(db, hostId), before ?? (await readIntervals(db, hostId, now))];
  const intervalMs = ({ sourceId }: SeriesInfo) => intervals.get(sourceId) ?? 0;
  return (rule) => {
    const own = selected(all, rule.series);
    if (own.length === 0) return [];
    const parts = partSelectors(rule.condition).map((selector) => selected(all, selector));
    return own.map((series) => ({ series, parts, intervalMs }));
  };
}

function found(rule: AlertRule, subject: Subject, values: Values): Finding {
  const { series } = subject;
  try {
    return { rule, series, ...observe(rule, subject, values) };
  } catch (error) {
    return { rule, series, observation: { kind: "error", message: reasonOf(error) }, value: null };
  }
}

/**
 * The subjects of rules, and the values that they are judged by. Which windows these are of depends on how far apart frames are meant to be, which the frames themselves say:
 * what they said the last time is assumed, and where they now say another all is read again.
 */
async function readJudged(
  scope: ValueScope,
  rules: AlertRule[],
): Promise<{ judged: { rule: AlertRule; subject: Subject }[]; values: Values }> {
  const { reads, hostId, now, memo } = scope;
  const before = memo?.intervals.get(hostId);
  const subjectsOf = await readSubjects(reads, hostId, now, before);
  const judged = rules.flatMap((rule) => subjectsOf(rule).map((subject) => ({ rule, subject })));
  const needs = judged.flatMap(({ rule, subject }) => needsOf(rule, subject));
  const { intervals, ...values } = await readValues(scope, needs);
  const sources = new Set(needs.flatMap(({ window, series }) => ("windowMs" in window ? [series.sourceId] : [])));
  const agrees = !before || [...sources].every((id) => intervals?.get(id) === before.get(id));
  if (intervals && agrees && sources.size === intervals.size) memo?.intervals.set(hostId, intervals);
  else memo?.intervals.delete(hostId);
  return agrees ? { judged, values } : readJudged(scope, rules);
}

/** What rules find on a host at `now` (ms), a finding for each series that they select. A query that fails is what its own rules found. */
export async function observeHost(
  db: Database,
  { hostId, now, memo }: { hostId: number; now: number; memo?: ValueMemo | undefined },
  rules: AlertRule[],
): Promise<Finding[]> {
  const heartbeats = rules.filter(({ condition }) => condition.kind === "heartbeat");
  const others = rules.filter(({ condition }) => condition.kind !== "heartbeat");
  const { judged, values } = await readJudged({ reads: reader(db), hostId, now, memo }, others);
  const reported = heartbeats.length > 0 ? await readHeartbeats(db, heartbeats) : new Map();
  return [
    ...judged.map(({ rule, subject }) => found(rule, subject, values)),
    ...heartbeats.map((rule) => ({
      ...{ rule, series: HEARTBEAT_SERIES },
      ...observeHeartbeat(rule, reported.get(rule.id), now),
    })),
  ];
}
