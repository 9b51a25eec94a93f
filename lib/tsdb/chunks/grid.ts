import type { ZonePiece } from "#lib/time/zone.ts";

/** Steps of `stepMs` that begin at whole multiples of it, by the clock of a zone where there is one (as `zonePieces` has it). */
export type Grid = { stepMs: number; zone?: ZonePiece[] };

/** Where the step begins that an instant lies in; both in ms. A day of a zone begins at its midnight, also where clocks change on it. */
export function bucketStart(time: number, { stepMs, zone }: Grid): number {
  if (!zone) return Math.floor(time / stepMs) * stepMs;
  let n = zone.length - 1;
  while (n > 0 && time < (zone[n] as ZonePiece).from) n--;
  const { offsetMs } = zone[n] as ZonePiece;
  const local = Math.floor((time + offsetMs) / stepMs) * stepMs;
  // Where the step began before the clocks were changed, it began by the clock of then.
  while (n > 0 && local - (zone[n] as ZonePiece).offsetMs < (zone[n] as ZonePiece).from) n--;
  return local - (zone[n] as ZonePiece).offsetMs;
}
