import type { Observation } from "#lib/alerts/conditions/observation.ts";
import { isPast, type Values, type Window } from "#lib/alerts/conditions/windows.ts";
import type { ConditionOf, RuleCondition } from "#lib/contract/alert-conditions.ts";
import type { RuleAggregate } from "#lib/contract/enums.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

// What each condition reads and when it holds. Pure: the evaluation of now and the back-test of a past both go through here.

/** A condition with what it reads: of a rule, or of a part of one. */
export type Judged = { series: string; windowMs: number; aggregate: RuleAggregate; condition: RuleCondition };

/** The series of a condition, those of its parts or of its total, and how far apart (ms) the samples of a series are meant to be. */
export type Subject = { series: SeriesInfo; parts: SeriesInfo[][]; intervalMs: (series: SeriesInfo) => number };

/** What a condition found on a series; `value` is what it was judged by, null without any. */
export type Found = { observation: Observation; value: number | null };

/** A window, and the series that it is wanted of. */
export type Need = { window: Window; series: SeriesInfo };

/** A window shorter than three intervals would be empty now and then while all is well. */
const INTERVALS = 3;

const samplesOf = ({ windowMs, aggregate }: Judged, intervalMs: number, shiftMs = 0): Window => ({
  ...{ kind: "samples", aggregate, shiftMs },
  windowMs: Math.max(windowMs, INTERVALS * intervalMs),
});

const forecastOf = ({ operator, level, withinMs }: ConditionOf<"forecast">): Window => ({
  ...{ kind: "forecast", operator, level, withinMs },
});

/** The selectors of the further series that a condition reads. */
export function partSelectors(condition: RuleCondition): string[] {
  if (condition.kind === "composite") return condition.parts.map(({ series }) => series);
  return condition.kind === "burn_rate" && condition.total ? [condition.total] : [];
}

/** The windows of a burn rate: of the series, and of its total. */
function burnWindows({ bad, total, windows }: ConditionOf<"burn_rate">): { own: Window; whole: Window | null }[][] {
  return windows.map(({ longMs, shortMs }) =>
    [longMs, shortMs].map((windowMs) => {
      const rate: Window = { kind: "samples", windowMs, aggregate: "avg", shiftMs: 0 };
      if (total || !bad) return { own: rate, whole: rate };
      return { own: { kind: "share", windowMs, ...bad }, whole: null };
    }),
  );
}

/** Series of a part that are of the same thing: their labels are equal wherever both have one. */
const related = ({ labels }: SeriesInfo, others: SeriesInfo[]): SeriesInfo[] =>
  others.filter((other) => Object.entries(labels).every(([name, text]) => (other.labels[name] ?? text) === text));

/** What a condition reads of one of its series. */
export function needsOf(judged: Judged, { series, parts, intervalMs }: Subject): Need[] {
  const { condition } = judged;
  const own = samplesOf(judged, intervalMs(series));
  switch (condition.kind) {
    case "threshold":
    case "absence":
      return [{ window: own, series }];
    case "change":
      return [
        { window: own, series },
        { window: samplesOf(judged, intervalMs(series), condition.againstMs), series },
      ];
    case "anomaly":
      return [{ window: { kind: "anomaly" }, series }];
    case "forecast":
      return [{ window: forecastOf(condition), series }];
    case "burn_rate":
      return burnWindows(condition)
        .flat()
        .flatMap(({ own: window, whole }) => [
          { window, series },
          ...(whole ? related(series, parts[0] ?? []).map((total) => ({ window: whole, series: total })) : []),
        ]);
    case "composite":
      return [
        { window: own, series },
        ...condition.parts.flatMap((part, n) =>
          related(series, parts[n] ?? []).flatMap((each) => needsOf(part, { series: each, parts: [], intervalMs })),
        ),
      ];
    case "heartbeat":
    case "expression":
      return [];
  }
}

const found = (value: number | undefined, breached: boolean, recovered = !breached): Found => ({
  observation: { kind: "value", value: value ?? 0, breached, recovered },
  value: value ?? null,
});

const NO_DATA: Found = { observation: { kind: "no_data" }, value: null };

/** Against a value of zero every other is a change beyond any percentage. */
function changePercent(before: number, now: number): number {
  if (before === now) return 0;
  return before === 0 ? Math.sign(now) * Number.POSITIVE_INFINITY : (100 * (now - before)) / Math.abs(before);
}

function changed({ direction, percent }: ConditionOf<"change">, now: number, before: number): Found {
  const change = changePercent(before, now);
  const size = direction === "down" ? -change : direction === "up" ? change : Math.abs(change);
  return found(now, size >= percent);
}

function passed({ operator, level, resolveLevel }: ConditionOf<"threshold">, now: number): Found {
  return found(now, isPast[operator](now, level), !isPast[operator](now, resolveLevel ?? level));
}

/** How many times as fast as allowed a budget burns; undefined without data. No event at all burns nothing. */
function burn(bad: number | undefined, total: number | undefined, objective: number): number | undefined {
  if (bad === undefined || total === undefined) return undefined;
  return total === 0 ? 0 : Math.max(0, bad / total) / (1 - objective);
}

function burnt(condition: ConditionOf<"burn_rate">, { series, parts }: Subject, values: Values): Found {
  const rates = burnWindows(condition).map((pair) =>
    pair.map(({ own, whole }) => {
      const totals = whole ? related(series, parts[0] ?? []).map(({ id }) => values.value(whole, id)) : [1];
      const counts = totals.filter((total) => total !== undefined);
      const total = counts.length > 0 ? counts.reduce((sum, each) => sum + each) : undefined;
      return burn(values.value(own, series.id), total, condition.objective);
    }),
  );
  // Both windows of a pair burn: the long one says that it matters, the short one that it still goes on.
  const pairs = rates.map(([long, short], n) => {
    const factor = condition.windows[n]?.factor ?? 1;
    return long === undefined || short === undefined ? undefined : { long, breached: Math.min(long, short) >= factor };
  });
  const judged = pairs.filter((pair) => pair !== undefined);
  if (judged.length === 0) return NO_DATA;
  const worst = judged.reduce((most, { long }) => Math.max(most, long), 0);
  return found(
    worst,
    judged.some(({ breached }) => breached),
  );
}

/** Kleene's and, or: what is unknown decides nothing where the others do. */
function together(operator: "all" | "any", truths: (boolean | undefined)[]): boolean | undefined {
  const decisive = operator === "any";
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) || truths.length === 0 ? undefined : !decisive;
}

function combined(judged: Judged & { condition: ConditionOf<"composite"> }, subject: Subject, values: Values): Found {
  const { operator, parts } = judged.condition;
  const { series, intervalMs } = subject;
  const truths = parts.map((part, n) => {
    const own = related(series, subject.parts[n] ?? []).map(
      (each) => observe(part, { series: each, parts: [], intervalMs }, values).observation,
    );
    const judge = (holds: (value: Extract<Observation, { kind: "value" }>) => boolean) => {
      const truth = together(
        "any",
        own.map((each) => (each.kind === "value" ? holds(each) : undefined)),
      );
      return truth === undefined ? undefined : truth !== part.not;
    };
    // Of a negated part what has not recovered is what has not begun.
    const [begun, goesOn] = [judge(({ breached }) => breached), judge(({ recovered }) => !recovered)];
    return part.not ? { breached: goesOn, lasts: begun } : { breached: begun, lasts: goesOn };
  });
  const value = values.value(samplesOf(judged, intervalMs(series)), series.id);
  const breached = together(
    operator,
    truths.map((truth) => truth.breached),
  );
  const lasts = together(
    operator,
    truths.map((truth) => truth.lasts),
  );
  return breached === undefined || lasts === undefined ? NO_DATA : found(value, breached, !lasts);
}

/** What a condition finds on one of its series. */
export function observe(judged: Judged, subject: Subject, values: Values): Found {
  const { condition } = judged;
  const { series, intervalMs } = subject;
  const now = (window: Window = samplesOf(judged, intervalMs(series))) => values.value(window, series.id);
  switch (condition.kind) {
    case "absence":
      return found(now(), now() === undefined);
    case "anomaly": {
      const confidence = now({ kind: "anomaly" });
      return found(confidence, confidence !== undefined && confidence >= condition.confidence);
    }
    case "forecast": {
      const likely = now(forecastOf(condition));
      return likely === undefined ? NO_DATA : found(likely, likely >= condition.probability);
    }
    case "threshold": {
      const value = now();
      return value === undefined ? NO_DATA : passed(condition, value);
    }
    case "change": {
      const [value, before] = [now(), now(samplesOf(judged, intervalMs(series), condition.againstMs))];
      return value === undefined || before === undefined ? NO_DATA : changed(condition, value, before);
    }
    case "burn_rate":
      return burnt(condition, subject, values);
    case "composite":
      return combined({ ...judged, condition }, subject, values);
    case "heartbeat":
    case "expression":
      return NO_DATA;
  }
}
