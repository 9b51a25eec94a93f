import { durationMs, durationProblem, INSTANT_RANGE, isoMs, MAX_INSTANT_MS } from "#lib/contract/param-texts.ts";
import { invalidField } from "#lib/errors.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** From 1973 to the year 5138 in seconds; in ms these are 1970 to 1973, before anything that is monitored. */
const SECONDS = { from: 100_000_000, to: 100_000_000_000 };
/** Whether an instant in ms looks like one in seconds. */
export const looksLikeSeconds = (ms: number): boolean => ms >= SECONDS.from && ms < SECONDS.to;

/** No Date is further from 1970, ms. */
export const LAST_DATE_MS = 8.64e15;

const RELATIVE = /^now(?:-(.+))?$/;

/** A duration such as 15s, 5m, 1h or 7d in ms. @throws DomainError validation */
export function parseDuration(text: string, field: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw invalidField(field, durationProblem(text));
  return ms;
}

/** An instant in ms since the epoch: ISO 8601, ms since the epoch, now, or now-1h. @throws DomainError validation */
export function parseInstant(text: string, field: string, now: number): number {
  const plain = text.trim();
  const relative = RELATIVE.exec(plain);
  const absolute = isoMs(plain) ?? (/^\d+$/.test(plain) ? Number(plain) : Number.NaN);
  const ms = relative ? now - (relative[1] ? parseDuration(relative[1], field) : 0) : absolute;
  if (Number.isNaN(ms))
    throw invalidField(field, `"${text}" is not an instant: write 2026-11-24T09:00:00Z, ms since 1970, now, or now-1h`);
  if (!relative && /^\d+$/.test(plain) && looksLikeSeconds(ms))
    throw invalidField(field, `"${text}" seems to be in seconds: write ms since 1970, ${plain}000`);
  if (ms < 0 || ms > MAX_INSTANT_MS) throw invalidField(field, `"${text}" is out of range. ${INSTANT_RANGE}`);
  return ms;
}

/** The zone of this machine. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** More than there are zones: names in another case count as others. */
const MOST_KEPT = 1_000;
const offsetFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times as much as using it. */
function offsetFormat(zone: string): Intl.DateTimeFormat {
  const kept = offsetFormats.get(zone);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  if (offsetFormats.size < MOST_KEPT) offsetFormats.set(zone, made);
  return made;
}

/** How far a zone is ahead of UTC at an instant, in ms. @throws DomainError validation for a zone that does not exist */
export function zoneOffset(zone: string, at: number): number {
  try {
    const parts = offsetFormat(zone).formatToParts(at);
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
    if (!match) return 0;
    const ms = (Number(match[2]) * 60 + Number(match[3])) * MINUTE_MS;
    return match[1] === "-" ? -ms : ms;
  } catch {
    throw invalidField("zone", `"${zone}" is not a time zone: write one such as Europe/Berlin`);
  }
}

/** A range of two instants, [from, to) in ms. @throws DomainError validation */
export function parseSpan(span: { from: string; to: string }, now: number): { from: number; to: number } {
  const [from, to] = [parseInstant(span.from, "from", now), parseInstant(span.to, "to", now)];
  if (to <= from) throw invalidField("to", "`to` must be later than `from`");
  return { from, to };
}
