const UNITS_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** A century. */
const MAX_DURATION_MS = 36_525 * 86_400_000;

/** A duration such as 15s, 5m, 1h or 7d in ms, at most a century; undefined for any other text, and for none at all. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNITS_MS[unit ?? ""] ?? Number.NaN);
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : undefined;
}

/** What is said of a text that is no duration. */
export const durationProblem = (text: unknown): string =>
  `"${text}" is not a duration: write 15s, 5m, 1h or 7d, at most 36525d`;

/** A duration in a query: text there, ms here. */
export const DURATION_TEXT = {
  decode: (text: string) => durationMs(text) as number,
  encode: (ms: number) => `${ms}ms`,
};

/** A switch in a query: true or false there, a boolean here. */
export const BOOLEAN_TEXT = {
  decode: (text: "true" | "false") => text === "true",
  encode: (value: boolean): "true" | "false" => (value ? "true" : "false"),
};

/** The form of ISO 8601 that is read: a date, or a date and a time with its offset; UTC where none stands. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** An ISO 8601 text in ms since the epoch; undefined for any other, and for a day or a time that there is not, such as 30 February. */
export function isoMs(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offset = "Z"] = match;
  const daysInMonth = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > daysInMonth || Number(hour) > 23) return undefined;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Instants lie between 1970 and 9999, in ms since the epoch: what databases, spreadsheets and JavaScript all hold. */
export const MAX_INSTANT_MS = 253_402_300_799_999;
export const INSTANT_RANGE = "Write an instant between 1970 and 9999";
