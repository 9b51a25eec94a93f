import type { Unit } from "#lib/metrics/catalogue.ts";

/** A figure and its unit, apart, so that a page can set them differently. */
export type Shown = { value: string; unit: string };

/** A unit as a file or a chart's axis names it; `rate` for a counter, whose values are per second. */
export const unitName = (unit: Unit, rate: boolean): string => (rate ? `${unit}/s` : unit);

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const DECIMAL = ["", "k", "M", "G", "T", "P"];
/** What is longer than that with its prefix is written with an exponent. */
const LONGEST = 100_000;

/** Digits after the point without a zero at their end, and no zero below zero. */
const trimmed = (value: number, places: number): string => String(Number(value.toFixed(places)) + 0);

/** Three significant digits, as a reader of a dashboard wants them; of what is small as well, and none for what is whole. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= LONGEST || (size > 0 && size < 1e-4)) return value.toExponential(2);
  if (size < 0.9995) return String(Number(value.toPrecision(3)) + 0);
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(places);
}

/** One place as a rule; two of what is below a tenth, which would else be none. */
function oneDecimal(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 0.05) return size < 0.005 ? digits(value) : trimmed(value, 2);
  return value.toFixed(size >= 99.95 ? 0 : 1);
}

function scale(value: number, base: number, prefixes: string[]): Shown {
  let scaled = value;
  let i = 0;
  // 999.6 would be written as 1000: it is already the next prefix.
  while (Math.abs(scaled) >= base - 0.5 && i < prefixes.length - 1) {
    scaled /= base;
    i += 1;
  }
  return { value: digits(scaled), unit: prefixes[i] as string };
}

function duration(seconds: number): Shown {
  const size = Math.abs(seconds);
  if (size < 120) return { value: digits(seconds), unit: "s" };
  if (size < 7200) return { value: digits(seconds / 60), unit: "min" };
  if (size < 172_800) return { value: digits(seconds / 3600), unit: "h" };
  return { value: digits(seconds / 86_400), unit: "days" };
}

const whole = new Intl.NumberFormat("en-GB");

/** A count in full, with its thousands apart, alike on server and client. */
export const countText = (count: number): string => whole.format(count);

/** A value in a unit that keeps it short; `rate` for a counter, whose values are per second. */
export function formatValue(value: number | null | undefined, unit: Unit, rate = false): Shown {
  if (value === null || value === undefined || !Number.isFinite(value)) return { value: "–", unit: "" };
  const shown = format(value, unit);
  return rate ? { value: shown.value, unit: `${shown.unit}/s` } : shown;
}

function format(value: number, unit: Unit): Shown {
  switch (unit) {
    case "percent":
      return { value: oneDecimal(value), unit: "%" };
    case "bytes":
      return scale(value, 1024, BINARY);
    case "seconds":
      return duration(value);
    case "ms":
      return Math.abs(value) >= 1000
        ? { value: digits(value / 1000), unit: "s" }
        : { value: digits(value), unit: "ms" };
    case "celsius":
      return { value: oneDecimal(value), unit: "°C" };
    case "load":
      return { value: Math.abs(value) < 0.995 && value !== 0 ? digits(value) : value.toFixed(2), unit: "" };
    case "count":
      return scale(value, 1000, DECIMAL);
    default: {
      const shown = scale(value, 1000, DECIMAL);
      return { value: shown.value, unit: `${shown.unit}${unit}` };
    }
  }
}

/** A value with its unit as one text; a missing one is a dash. */
export function formatText(value: number | null | undefined, unit: Unit, rate = false): string {
  const shown = formatValue(value, unit, rate);
  return shown.unit && !shown.unit.startsWith("/") ? `${shown.value} ${shown.unit}` : `${shown.value}${shown.unit}`;
}
