import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** Events of a span of time. */
export type Events = { good: number; total: number };

/** An objective: percent of the events that are to be good, in a rolling window of days. */
export type Objective = { objective: number; windowDays: number };

/** When an alert fires: the budget burns `factor` times as fast as the objective allows, in the long window (ms) and still in the short one. */
export type BurnWindow = { severity: "critical" | "warning"; longMs: number; shortMs: number; factor: number };

/** The share of events that may fail, 0 to 1. Rounded, since 100 - 99.9 is not 0.1 in binary. */
export const allowedShare = ({ objective }: Objective): number => Number((100 - objective).toPrecision(12)) / 100;

/** How many events failed. Counters that are read at different moments may give more good ones than there were: that is no failure. */
export const failedOf = ({ good, total }: Events): number => Math.max(0, total - good);

/** The share of good events, 0 to 1; null without any. */
export const sliOf = (events: Events): number | null =>
  events.total > 0 ? 1 - Math.min(1, failedOf(events) / events.total) : null;

/** How many times as fast as the objective allows events fail: at 1 the budget lasts exactly the window. Null without any event. */
export const burnOf = (objective: Objective, events: Events): number | null =>
  events.total > 0 ? Math.min(1, failedOf(events) / events.total) / allowedShare(objective) : null;

/** The share of the window's budget that is left: 1 untouched, 0 used up, below 0 exceeded. Null without any event. */
export function budgetLeftOf(objective: Objective, events: Events): number | null {
  const burn = burnOf(objective, events);
  return burn === null ? null : 1 - burn;
}

/** The budget as minutes in which everything fails. */
export const budgetMinutes = (objective: Objective): number =>
  (allowedShare(objective) * objective.windowDays * DAY_MS) / MINUTE_MS;

/**
 * When (ms) the budget is used up if it goes on burning as it does at `now` (ms). Null where it is used up already, or burns no faster than
 * old failures leave the window.
 */
export function exhaustedAt(
  { windowDays }: Objective,
  { left, burn, now }: { left: number | null; burn: number | null; now: number },
): number | null {
  if (left === null || burn === null || left <= 0 || burn <= 1) return null;
  return now + (left * windowDays * DAY_MS) / burn;
}

/** The workbook's windows, each with the share of the budget that is gone when its alert fires. */
const WORKBOOK = [
  { severity: "critical", longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, share: 0.02 },
  { severity: "critical", longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, share: 0.05 },
  { severity: "warning", longMs: DAY_MS, shortMs: 2 * HOUR_MS, share: 0.1 },
  { severity: "warning", longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, share: 0.1 },
] as const;

/** What fires an alert, by the Site Reliability Workbook, chapter 5: its factors are of 30 days; a budget that lasts its window fires none. */
export const burnWindows = ({ windowDays }: Pick<Objective, "windowDays">): BurnWindow[] =>
  WORKBOOK.map(({ share, ...window }) => ({
    ...window,
    factor: Math.max(1, Number(((share * windowDays * DAY_MS) / window.longMs).toPrecision(6))),
  }));
