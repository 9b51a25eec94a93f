import { DAY_MS } from "#lib/time/durations.ts";

const WEEK_MS = 7 * DAY_MS;

const DAY_SLOTS = 288;
const WEEK_SLOTS = 168;

/** How much one visit to a slot moves its profile: a change of habits is learned in some ten visits. */
const RATE = 0.1;

const SLOT = 0;
const SUM = 1;
const COUNT = 2;
const PROFILE = 3;

const WEEK_AT = PROFILE + DAY_SLOTS;

/** Numbers of the seasonal profiles in a detector's state: of each the slot being visited, what was seen in it, and the means. */
export const SEASON_SIZE = WEEK_AT + PROFILE + WEEK_SLOTS;

/** Marks all slots as never visited. */
export function clearSeason(state: Float32Array, at: number): void {
  state.fill(Number.NaN, at + PROFILE, at + WEEK_AT);
  state.fill(Number.NaN, at + WEEK_AT + PROFILE, at + SEASON_SIZE);
}

/** The mean of earlier visits to a slot, NaN where there was none; the sample joins the running visit. */
function visit(state: Float32Array, at: number, slot: number, sample: number, periods: number): number {
  if (state[at + SLOT] !== slot) {
    close(state, at, Math.max(1 / (periods + 1), RATE));
    state[at + SLOT] = slot;
    state[at + SUM] = 0;
    state[at + COUNT] = 0;
  }
  state[at + SUM] = (state[at + SUM] as number) + sample;
  state[at + COUNT] = (state[at + COUNT] as number) + 1;
  return state[at + PROFILE + slot] as number;
}

/** Ends a visit: its mean goes into the slot's profile. */
function close(state: Float32Array, at: number, rate: number): void {
  const count = state[at + COUNT] as number;
  if (count === 0) return;
  const index = at + PROFILE + (state[at + SLOT] as number);
  const mean = (state[at + SUM] as number) / count;
  const before = state[index] as number;
  state[index] = Number.isNaN(before) ? mean : before + (mean - before) * rate;
}

/** The usual at an instant, by 5 minutes of the day and by hour of the week; NaN where it was never seen. */
export type Usual = { day: number; week: number };

/** What earlier days and weeks had at `time` (ms, local); takes the sample in for later ones. */
export function season(state: Float32Array, at: number, time: number, sample: number, since: number): Usual {
  const slot = (span: number, slots: number) => Math.floor(((((time % span) + span) % span) / span) * slots);
  const periods = (span: number) => Math.floor((time - since) / span);
  const day = visit(state, at, slot(DAY_MS, DAY_SLOTS), sample, periods(DAY_MS));
  if (Number.isNaN(day)) return { day, week: day };
  const apart = visit(state, at + WEEK_AT, slot(WEEK_MS, WEEK_SLOTS), sample - day, periods(WEEK_MS));
  return { day, week: Number.isNaN(apart) ? day : day + apart };
}
