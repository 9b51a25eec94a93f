import { isZone } from "#lib/format/date-time.ts";
import {
  apiRange,
  endsNow,
  type Instants,
  isOfReadersZone,
  type RangeText,
  resolveRange,
} from "#lib/time/range/range.ts";

/** The range that a page shows, by the calendar of a zone. */
export type ShownTime = RangeText & { zone: string };

/** What an address says of time; each of it may be missing, or be anything. */
export type TimeAddress = Partial<Record<"from" | "to" | "timezone", string | null | undefined>>;

/** The last hour, where a page has no other use. */
const USUAL_FROM = "now-1h";

/** The zone that an address names, its reader's own where it names none. */
function addressZone({ timezone }: TimeAddress, own: string): string {
  if (timezone?.toLowerCase() === "utc") return "UTC";
  return timezone && timezone !== "browser" && isZone(timezone) ? timezone : own;
}

/** A bound as whoever wrote it by hand meant it: a plus that stands as it is in an address is read as a space. */
const asMeant = (text: string): string =>
  text
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) (?=\d\d:\d\d)/, "$1T")
    .replace(/^(\S+T\S+|now) (?=\d)/, "$1+");

/** The time that an address asks for. What is no range is said, and the page shows what it shows without. */
export function addressTime(
  address: TimeAddress,
  { own, usualFrom = USUAL_FROM, now }: { own: string; usualFrom?: string | undefined; now: number },
): { shown: ShownTime; problem: string | undefined } {
  const zone = addressZone(address, own);
  const usual = { from: usualFrom, to: "now" };
  const wanted = { from: asMeant(address.from || usual.from), to: asMeant(address.to || usual.to) };
  const resolved = resolveRange(wanted, { now, zone });
  const isProblem = "problem" in resolved;
  return { shown: { ...(isProblem ? usual : wanted), zone }, problem: isProblem ? resolved.problem : undefined };
}

/** What tells a range from others in the key of a query: its zone only where that makes a difference. */
export const timeKey = ({ from, to, zone }: ShownTime): string[] =>
  isOfReadersZone({ from, to }) ? [from, to, zone] : [from, to];

/** A range as the API takes it, asked at `now` (ms). */
export const apiTime = ({ zone, ...range }: ShownTime, now: number): RangeText => apiRange(range, { now, zone });

/** The instants of a range at `now` (ms). */
export function instantsOf({ zone, ...range }: ShownTime, now: number): Instants {
  const resolved = resolveRange(range, { now, zone });
  return "problem" in resolved ? { from: now - 1, to: now } : resolved;
}

/** Whether a range ends now, and goes on. */
export const goesOn = (time: ShownTime): boolean => endsNow(time);
