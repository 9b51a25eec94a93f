import { DECIMAL } from "#lib/promql/functions/numbers.ts";
import { QueryError } from "#lib/promql/query/error.ts";
import { readDuration } from "#lib/promql/syntax/literals.ts";
import { LAST_DATE_MS } from "#lib/time/instant.ts";

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What a time of PostgreSQL takes, and no sample is beyond. */
const [EARLIEST_MS, LATEST_MS] = [0, Date.UTC(9999, 0, 1)];

const wrong = (name: string, reason: string) => new QueryError("bad_data", `invalid parameter "${name}": ${reason}`);

/** An instant: seconds since the epoch or RFC 3339, as ms since the epoch. @throws QueryError bad_data */
export function parseTime(text: string, name: string): number {
  const ms = DECIMAL.test(text) ? Math.round(Number(text) * 1000) : RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(ms)) throw wrong(name, `cannot parse "${text}" to a valid timestamp`);
  return Math.max(-LAST_DATE_MS, Math.min(LAST_DATE_MS, ms));
}

/** A length of time: seconds, or a duration such as 30s, as whole ms. @throws QueryError bad_data */
export function parseLength(text: string, name: string): number {
  const ms = DECIMAL.test(text) ? Math.trunc(Number(text) * 1000) : readDuration(text);
  if (ms === undefined || !(Math.abs(ms) <= LAST_DATE_MS))
    throw wrong(name, `cannot parse "${text}" to a valid duration`);
  return ms;
}

/** The instants of a range query, ms since the epoch. @throws QueryError bad_data */
export function parseRange({ start, end, step }: { start: string; end: string; step: string }) {
  const [fromMs, toMs] = [parseTime(start, "start"), parseTime(end, "end")];
  if (toMs < fromMs) throw wrong("end", "end timestamp must not be before start time");
  const stepMs = parseLength(step, "step");
  if (stepMs <= 0)
    throw wrong("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
  return { fromMs, toMs, stepMs };
}

/** The time that series are listed of: all where neither end is given. @throws QueryError bad_data */
export function parseWithin({ start, end }: { start?: string | undefined; end?: string | undefined }) {
  if (start === undefined && end === undefined) return undefined;
  const from = start === undefined ? -LAST_DATE_MS : parseTime(start, "start");
  const to = end === undefined ? LAST_DATE_MS : parseTime(end, "end");
  if (to < from) throw wrong("end", "end timestamp must not be before start time");
  const storable = (ms: number) => Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS);
  return { from: storable(from), to: storable(to) };
}

/** A number of entries; undefined for none or a negative one, which mean no limit. @throws QueryError bad_data */
export function parseCount(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw wrong(name, `${name} must be a number`);
  return Number(text) < 0 ? undefined : Number(text);
}
