import { largest, smallest } from "#lib/promql/functions/numbers.ts";

/** The functions of one number. */
export const NUMBER_FUNCTIONS: ReadonlyMap<string, (value: number) => number> = new Map(
  Object.entries({
    abs: Math.abs,
    ceil: Math.ceil,
    floor: Math.floor,
    exp: Math.exp,
    sqrt: Math.sqrt,
    ln: Math.log,
    log2: Math.log2,
    log10: Math.log10,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    asinh: Math.asinh,
    acosh: Math.acosh,
    atanh: Math.atanh,
    rad: (value: number) => (value * Math.PI) / 180,
    deg: (value: number) => (value * 180) / Math.PI,
    sgn: (value: number) => (value < 0 ? -1 : value > 0 ? 1 : value),
  }),
);

/** The functions of a number and scalars; undefined for no value. */
export const SCALED_FUNCTIONS: ReadonlyMap<string, (value: number, ...scalars: number[]) => number | undefined> =
  new Map<string, (value: number, ...scalars: number[]) => number | undefined>([
    ["clamp", (value, least = 0, most = 0) => (most < least ? undefined : largest(least, smallest(most, value)))],
    ["clamp_min", (value, least = 0) => largest(least, value)],
    ["clamp_max", (value, most = 0) => smallest(most, value)],
    // By the inverse, as Prometheus has it.
    ["round", (value, nearest = 1) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest)],
  ]);

const MAX_DATE_S = 8.64e12;

/** A part of the date (UTC) of seconds since the epoch; NaN for an instant that no date has. */
const datePart = (pick: (date: Date) => number) => (seconds: number) =>
  Number.isNaN(seconds) || Math.abs(seconds) > MAX_DATE_S ? Number.NaN : pick(new Date(Math.trunc(seconds) * 1000));

const DAY_MS = 86_400_000;
const startOfYear = (date: Date) => Date.UTC(date.getUTCFullYear(), 0, 1);
const utcDay = (date: Date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());

/** The functions of a date. */
export const DATE_FUNCTIONS: ReadonlyMap<string, (seconds: number) => number> = new Map(
  Object.entries({
    minute: datePart((date) => date.getUTCMinutes()),
    hour: datePart((date) => date.getUTCHours()),
    day_of_week: datePart((date) => date.getUTCDay()),
    day_of_month: datePart((date) => date.getUTCDate()),
    day_of_year: datePart((date) => (utcDay(date) - startOfYear(date)) / DAY_MS + 1),
    days_in_month: datePart((date) =>
      new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
    ),
    month: datePart((date) => date.getUTCMonth() + 1),
    year: datePart((date) => date.getUTCFullYear()),
  }),
);
