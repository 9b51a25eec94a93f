import { invalidField } from "#lib/errors.ts";
import type { UsageSpan } from "#lib/processes/read.ts";
import { parseInstant, parseSpan } from "#lib/time/instant.ts";

/** The instant or the range that a query names; now where it names none. @throws DomainError validation */
export function parseUsageSpan({ at, from, to }: { at?: string; from?: string; to?: string }, now: number): UsageSpan {
  if (from === undefined && to === undefined) return { at: parseInstant(at ?? "now", "at", now) };
  if (at !== undefined) throw invalidField("at", "Name an instant by `at` or a range by `from` and `to`, not both");
  const end = to ?? "now";
  // What is wrong with the end is said of the end.
  parseInstant(end, "to", now);
  if (from === undefined) throw invalidField("from", "Name the beginning of the range as well");
  return parseSpan({ from, to: end }, now);
}
