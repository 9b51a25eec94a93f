import { MAX_INSTANT_MS } from "#lib/contract/param-texts.ts";
import {
  type Bound,
  boundInstant,
  isOfZone,
  offsetFromNow,
  outOfRange,
  type Problem,
  parseBound,
  type Reading,
} from "#lib/time/range/bound.ts";

/** A range as an address says it, each a text that `parseBound` reads. */
export type RangeText = { from: string; to: string };

/** [from, to) in ms. */
export type Instants = { from: number; to: number };

type Bounds = { from: Bound; to: Bound };

function parseBounds({ from, to }: RangeText): Bounds | Problem {
  const [start, end] = [parseBound(from), parseBound(to)];
  if ("problem" in start) return start;
  return "problem" in end ? end : { from: start, to: end };
}

const isStorable = (at: number): boolean => at >= 0 && at <= MAX_INSTANT_MS;

/** The instants of a range, or what is wrong with it. Ranges reach from 1970 to 9999. */
export function resolveRange(text: RangeText, reading: Reading): Instants | Problem {
  const bounds = parseBounds(text);
  if ("problem" in bounds) return bounds;
  const from = boundInstant(bounds.from, reading, "from");
  const to = boundInstant(bounds.to, reading, "to");
  if (!isStorable(from)) return outOfRange(text.from);
  if (!isStorable(to)) return outOfRange(text.to);
  return to > from ? { from, to } : { problem: "The end is not after the start: enter a later end, or swap the two" };
}

/** Whether a range goes on as time does: it ends now. */
export function endsNow({ to }: RangeText): boolean {
  const bound = parseBound(to);
  return "steps" in bound && bound.steps.length === 0;
}

/** Whether a range begins at an instant that stays as time goes on for a while, rather than moving along. */
export function isAnchored({ from }: RangeText): boolean {
  const bound = parseBound(from);
  return !("steps" in bound) || bound.steps.some((step) => "round" in step);
}

/** Whether the zone of a reader makes a difference to a range. */
export function isOfReadersZone(text: RangeText): boolean {
  const bounds = parseBounds(text);
  return !("problem" in bounds) && (isOfZone(bounds.from) || isOfZone(bounds.to));
}

function apiBound(text: string, reading: Reading, side: "from" | "to"): string {
  const bound = parseBound(text);
  if ("problem" in bound) return text;
  const offset = offsetFromNow(bound);
  if (offset === 0) return "now";
  return offset !== undefined && offset < 0 ? `now-${-offset}ms` : String(boundInstant(bound, reading, side));
}

/** A range as the API takes it. What is some hours from now stays so, which the API's own clock resolves; what is of a calendar is resolved here. */
export const apiRange = ({ from, to }: RangeText, reading: Reading): RangeText => ({
  from: apiBound(from, reading, "from"),
  to: apiBound(to, reading, "to"),
});
