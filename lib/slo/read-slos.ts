import { SLO_STATES, type SloState } from "#lib/contract/enums.ts";
import type { SloFigures } from "#lib/contract/slos.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import {
  allowedShare,
  budgetLeftOf,
  budgetMinutes,
  burnOf,
  burnWindows,
  type Events,
  exhaustedAt,
  failedOf,
  sliOf,
} from "#lib/slo/budget.ts";
import { firstEvent, sumSteps, sumWindows } from "#lib/slo/counts.ts";
import { assertIndicator, readMinuteCounts } from "#lib/slo/indicators.ts";
import { listSlos, readSlo, type Slo, type SloInput } from "#lib/slo/slos.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const NONE: Events = { good: 0, total: 0 };
const SIX_HOURS_MS = 6 * HOUR_MS;

/** One that cannot be counted any more is as its last figures were, and nobody knows how it is. */
function stateOf({ problem }: Slo, left: number | null, burn: number | null): SloState {
  if (left === null || problem !== null) return "no_data";
  if (left <= 0) return "exceeded";
  return burn !== null && burn > 1 ? "burning" : "ok";
}

/** Until when (ms) an SLO is judged: what is counted, else the last full minute. */
const endOf = ({ countedTo }: Slo, now: number): number =>
  countedTo?.getTime() ?? Math.floor(now / MINUTE_MS) * MINUTE_MS;

async function figuresOf(db: Connection, slo: Slo, now: number): Promise<SloFigures> {
  const [end, whole] = [endOf(slo, now), slo.windowDays * DAY_MS];
  const sums = await sumWindows(db, slo.id, end, [HOUR_MS, SIX_HOURS_MS, whole]);
  const within = (ms: number): Events => sums.get(ms) ?? NONE;
  const left = budgetLeftOf(slo, within(whole));
  const [burnHour, burnSixHours] = [burnOf(slo, within(HOUR_MS)), burnOf(slo, within(SIX_HOURS_MS))];
  const at = exhaustedAt(slo, { left, burn: burnHour, now: end });
  return {
    state: stateOf(slo, left, burnHour),
    dataFrom: await firstEvent(db, slo.id, end - whole, end),
    total: within(whole).total,
    failed: failedOf(within(whole)),
    sli: sliOf(within(whole)),
    budgetEvents: allowedShare(slo) * within(whole).total,
    budgetLeft: left,
    budgetMinutes: budgetMinutes(slo),
    minutesLeft: left === null ? null : left * budgetMinutes(slo),
    ...{ burnHour, burnSixHours },
    exhaustedAt: at === null ? null : new Date(at),
  };
}

/** All SLOs with their figures as of `now` (ms), worst first. */
export async function listSloFigures(db: Database, now: number) {
  const slos = await listSlos(db);
  const listed: (Slo & SloFigures)[] = [];
  for (const slo of slos) listed.push({ ...slo, ...(await figuresOf(db, slo, now)) });
  const rank = ({ state }: SloFigures) => SLO_STATES.indexOf(state);
  return listed.sort((a, b) => rank(a) - rank(b) || (a.budgetLeft ?? 1) - (b.budgetLeft ?? 1));
}

/** The share of the window's budget that was left at each step, against the budget of all its events. */
function budgetCourse(slo: SloInput, steps: readonly (Events & { at: number })[], stepMs: number) {
  const budget = steps.reduce((sum, { total }) => sum + total, 0) * allowedShare(slo);
  let failed = 0;
  return steps.map(({ at, ...events }): [number, number | null] => {
    failed += failedOf(events);
    return [at + stepMs, budget > 0 ? 1 - failed / budget : null];
  });
}

/** Steps of the course of a budget and of its burn rate (ms). */
const stepOf = (windowDays: number): number => (windowDays > 30 ? 3 * HOUR_MS : HOUR_MS);

/** One SLO with the course of its budget, its burn rate and its days. @throws DomainError not-found */
export async function readSloFigures(db: Database, id: number, now: number) {
  const slo = await readSlo(db, id);
  const end = endOf(slo, now);
  const from = end - slo.windowDays * DAY_MS;
  const stepMs = stepOf(slo.windowDays);
  const [steps, days] = await Promise.all([
    sumSteps(db, id, { from, to: end, stepMs }),
    sumSteps(db, id, { from: Math.floor(from / DAY_MS) * DAY_MS, to: end, stepMs: DAY_MS }),
  ]);
  const byStep = new Map(steps.map((step) => [step.at, step]));
  const all = Array.from({ length: Math.ceil((end - from) / stepMs) }, (_, n) => from + n * stepMs).map(
    (at) => byStep.get(at) ?? { ...NONE, at },
  );
  const first = all.findIndex(({ total }) => total > 0);
  const shown = first < 0 ? [] : all.slice(first);
  return {
    ...slo,
    ...(await figuresOf(db, slo, now)),
    budget: budgetCourse(slo, shown, stepMs),
    burn: shown.map(({ at, ...events }): [number, number | null] => [at + stepMs, burnOf(slo, events)]),
    thresholds: burnWindows(slo),
    days: days
      .map(({ at, ...events }) => ({
        ...{ at: new Date(at), total: events.total, failed: failedOf(events), sli: sliOf(events) },
      }))
      .reverse(),
  };
}

/** What is read at once (ms), newest first, and for how long (ms) in all. */
const CHUNK_MS = DAY_MS;
const PREVIEW_MS = 15 * SECOND_MS;

/** What an SLO would have come to over its window until `now` (ms), by the samples that are stored. @throws DomainError validation, QueryError */
export async function previewSlo(db: Database, input: SloInput, now: number, signal?: AbortSignal) {
  await assertIndicator(db, input.indicator);
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const start = end - input.windowDays * DAY_MS;
  const until = performance.now() + PREVIEW_MS;
  const events: Events = { good: 0, total: 0 };
  let first: number | undefined;
  let from = end;
  while (from > start && performance.now() < until) {
    const to = from;
    from = Math.max(start, to - CHUNK_MS);
    for (const { at, good, total } of await readMinuteCounts(db, input.indicator, { from, to, signal })) {
      first = Math.min(at, first ?? at);
      events.good += good;
      events.total += total;
    }
  }
  return {
    from: new Date(first ?? from),
    total: events.total,
    failed: failedOf(events),
    sli: sliOf(events),
    budgetLeft: budgetLeftOf(input, events),
  };
}
