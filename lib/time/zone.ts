import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";

/** What the clocks of a zone show at an instant (ms), as ms of a clock without a zone. @throws DomainError validation for a zone that there is not */
export const localTime = (zone: string, at: number): number => at + zoneOffset(zone, at);

/**
 * The instant (ms) at which the clocks of a zone show `local`: the first where they show it twice, and where they leave it out the one that
 * lies as far behind the change. As Temporal's "compatible" has it.
 * @throws DomainError validation for a zone that there is not
 */
export function instantOf(zone: string, local: number): number {
  const [before, after] = [zoneOffset(zone, local - DAY_MS), zoneOffset(zone, local + DAY_MS)];
  const shown = [local - before, local - after].filter((at) => localTime(zone, at) === local);
  return shown.length > 0 ? Math.min(...shown) : local - before;
}

/** From an instant on (ms), a zone's clock is so far ahead of UTC (ms). */
export type ZonePiece = { from: number; offsetMs: number };

/** The first instant, to the minute, at which a zone's offset is no longer that of `from`; it is another at `to`. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = zoneOffset(zone, from);
  let [low, high] = [from, to];
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
    if (middle <= low) break;
    if (zoneOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return Math.ceil(high / MINUTE_MS) * MINUTE_MS;
}

/** Zones change their clocks no more often than that, apart from a few odd years. */
const LOOK_MS = 7 * DAY_MS;

/**
 * A zone's offsets over [from, to] and a week before: the first holds from ever, each other from the instant that clocks were changed.
 * @throws DomainError validation for a zone that there is not
 */
export function zonePieces(zone: string, from: number, to: number): ZonePiece[] {
  const begin = Math.max(from - LOOK_MS, 0);
  const pieces: ZonePiece[] = [{ from: Number.NEGATIVE_INFINITY, offsetMs: zoneOffset(zone, begin) }];
  for (let at = begin; at < to; at += LOOK_MS) {
    const until = Math.min(at + LOOK_MS, to);
    const offsetMs = zoneOffset(zone, until);
    if (offsetMs === pieces.at(-1)?.offsetMs) continue;
    pieces.push({ from: changeBetween(zone, at, until), offsetMs });
  }
  return pieces;
}
