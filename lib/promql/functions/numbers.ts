/** A running sum with what rounding took from it (Neumaier's variant of Kahan's), as Prometheus keeps it. */
export class KahanSum {
  sum = 0;
  compensation = 0;

  add(value: number): void {
    const total = this.sum + value;
    if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - total + value;
    else this.compensation += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.compensation;
  }
}

const isInfinite = (value: number): boolean => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;

/** Whether a mean that has become infinite stays as it is with one more value: subtracting it would make it NaN. */
export const staysInfinite = (mean: number, value: number): boolean =>
  isInfinite(mean) && (isInfinite(value) ? mean > 0 === value > 0 : !Number.isNaN(value));

/** Go's math.Max: infinity counts more than NaN. */
export const largest = (a: number, b: number): number =>
  a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(a, b);

/** Go's math.Min: infinity counts more than NaN. */
export const smallest = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : Math.min(a, b);

/** Go's math.Pow: 1 to any power is 1, and so is -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && isInfinite(exponent))) return 1;
  return base ** exponent;
}

/** The quantile of values between the two nearest of them, NaN being less than all else; infinite for a quantile below 0 or above 1. Sorts the values. */
export function quantileOf(quantile: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  values.sort();
  // Sorted, NaN stands last.
  let present = values.length;
  while (present > 0 && Number.isNaN(values[present - 1])) present--;
  const least = values.length - present;
  const at = (n: number): number => (n < least ? Number.NaN : (values[n - least] as number));
  const rank = quantile * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return at(lower) * (1 - weight) + at(upper) * weight;
}

/** A number in Prometheus' JSON: the shortest digits that give it again, with an exponent below 1e-6 and from 1e21. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (isInfinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const size = Math.abs(value);
  if (size >= 1e-6 && size < 1e21) return String(value);
  // Go writes at least two digits of an exponent.
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** A number without an exponent, as count_values makes labels of them. */
export function formatPlain(value: number): string {
  const text = formatNumber(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** A decimal number as Go reads it. */
export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number as Go reads it, of a bucket's bound; undefined for what is none. */
export function parseBound(text: string): number | undefined {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return DECIMAL.test(text) ? Number(text) : undefined;
}
