import { INSTANT_RANGE, isoMs, MAX_INSTANT_MS } from "#lib/contract/param-texts.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { looksLikeSeconds } from "#lib/time/instant.ts";
import { addUnits, endOf, FIXED_MS, RANGE_UNITS, type RangeUnit, startOf } from "#lib/time/range/calendar-units.ts";
import { instantOf } from "#lib/time/zone.ts";

/** A step from now: some units later (negative: earlier), or to where a unit begins or ends. */
export type BoundStep = { add: number; unit: RangeUnit } | { round: RangeUnit };

/**
 * The start or the end of a range: steps from now, an instant (ms), or what a clock shows (ms) in whichever zone is read in. A day
 * without a time is the whole day: as an end it is where the day ends.
 */
export type Bound = { steps: BoundStep[] } | { at: number } | { local: number; wholeDay: boolean };

/** What is wrong with a text, and what to write instead. */
export type Problem = { problem: string };

const UNIT = `[${RANGE_UNITS.join("")}]`;
const FROM_NOW = new RegExp(`^now((?:[+-]\\d{0,9}${UNIT}|/${UNIT})*)$`);
const STEP = new RegExp(`([+-])(\\d{0,9})(${UNIT})|/(${UNIT})`, "g");
const WITH_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;

const stepsOf = (text: string): BoundStep[] =>
  [...text.matchAll(STEP)].map(([, sign, amount, unit, round]) =>
    round
      ? { round: round as RangeUnit }
      : { add: (sign === "-" ? -1 : 1) * Number(amount === "" ? 1 : amount), unit: unit as RangeUnit },
  );

/** What is said of a bound that is out of bounds. */
export const outOfRange = (text: string): Problem => ({ problem: `"${text}" is out of range. ${INSTANT_RANGE}` });

/** The bound of ms since 1970, which are no seconds. */
function ofDigits(text: string): Bound | Problem {
  const at = Number(text);
  if (looksLikeSeconds(at)) return { problem: `"${text}" seems to be in seconds: write ms since 1970, ${text}000` };
  return at > MAX_INSTANT_MS ? outOfRange(text) : { at };
}

/**
 * Reads a bound as addresses have it: now with steps as Grafana writes them (now-6h, now/d, now-1d/d+8h), ms since 1970, or ISO 8601, which is of
 * the reader's zone without an offset.
 */
export function parseBound(text: string): Bound | Problem {
  const plain = text.trim();
  const fromNow = FROM_NOW.exec(plain);
  if (fromNow) return { steps: stepsOf(fromNow[1] ?? "") };
  if (/^\d+$/.test(plain)) return ofDigits(plain);
  const ms = isoMs(plain);
  if (ms === undefined)
    return { problem: `"${text}" is not understood: write now-6h, 2026-11-24T09:00 or ms since 1970` };
  if (ms < 0 || ms > MAX_INSTANT_MS) return outOfRange(text);
  return WITH_OFFSET.test(plain) && !DAY_ONLY.test(plain) ? { at: ms } : { local: ms, wholeDay: DAY_ONLY.test(plain) };
}

/** When and where a range is read: ms, and the zone of its reader. */
export type Reading = { now: number; zone: string };

/** The instant (ms) of a bound; rounding goes back at a start, and on at an end. */
export function boundInstant(bound: Bound, { now, zone }: Reading, side: "from" | "to"): number {
  if ("at" in bound) return bound.at;
  if ("local" in bound) return instantOf(zone, bound.local + (bound.wholeDay && side === "to" ? DAY_MS : 0));
  return bound.steps.reduce((at, step) => {
    if ("add" in step) return addUnits(at, step.add, step.unit, zone);
    return side === "from" ? startOf(at, step.round, zone) : endOf(at, step.round, zone);
  }, now);
}

/** How far a bound is from now (ms) where that is the same at any time and in any zone; undefined for others. */
export function offsetFromNow(bound: Bound): number | undefined {
  if (!("steps" in bound)) return undefined;
  return bound.steps.reduce<number | undefined>((sum, step) => {
    const unit = "add" in step ? FIXED_MS[step.unit] : undefined;
    return sum === undefined || unit === undefined || !("add" in step) ? undefined : sum + step.add * unit;
  }, 0);
}

/** Whether the zone of a reader makes a difference. */
export const isOfZone = (bound: Bound): boolean =>
  "local" in bound || ("steps" in bound && offsetFromNow(bound) === undefined);
