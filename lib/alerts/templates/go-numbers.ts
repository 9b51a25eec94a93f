// Numbers as Go writes them: Prometheus' templates are Go's, and what they say is to be the same here.

/** So many digits behind the last that is wanted tell a tie from what only comes near it. */
const BEYOND = 30;
const MOST_DIGITS = 100;

/** A decimal text, cut `beyond` digits before its end: JavaScript rounds a tie up, Go to the even digit. */
function halfToEven(rounded: string, exact: string, beyond: number): string {
  const [head, tail] = [exact.slice(0, -beyond).replace(/\.$/, ""), exact.slice(-beyond)];
  return /^50*$/.test(tail) && /[02468]$/.test(head) ? head : rounded;
}

/** `value` (0 or more, finite) with so many digits behind the point. */
function fixed(value: number, places: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (places > 0 ? `.${"0".repeat(places)}` : "");
  const most = Math.min(MOST_DIGITS, places + BEYOND);
  return halfToEven(value.toFixed(places), value.toFixed(most), most - places);
}

/** The digits of a value (above 0, finite) and the power of ten of the first; the shortest that are read as the same where none are named. */
function digitsOf(value: number, count?: number): { digits: string; exponent: number } {
  if (count === undefined) return splitExponent(value.toExponential());
  const most = Math.min(MOST_DIGITS, count - 1 + BEYOND);
  const exact = value.toExponential(most);
  const rounded = value.toExponential(count - 1);
  const [mantissa = "", exponent = ""] = exact.split("e");
  const even = halfToEven("", mantissa, most - count + 1);
  return splitExponent(even === "" ? rounded : `${even}e${exponent}`);
}

function splitExponent(text: string): { digits: string; exponent: number } {
  const [mantissa = "", exponent = "0"] = text.split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

function scientific(digits: string, exponent: number): string {
  const [first = "0", rest] = [digits[0], digits.slice(1)];
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${first}${rest && `.${rest}`}e${exponent < 0 ? "-" : "+"}${size}`;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return rest ? `${whole}.${rest}` : whole;
}

/** The shorter of both forms, by the rule of Go's %g; without a precision the shortest that is read as the same number. */
function general(value: number, precision: number | undefined): string {
  if (value === 0) return "0";
  const { digits, exponent } = digitsOf(value, precision === undefined ? undefined : Math.max(1, precision));
  const significant = digits.replace(/0+$/, "") || "0";
  const wanted = Math.max(1, precision ?? 6);
  const isWhole = precision !== undefined && wanted > significant.length && significant.length > exponent;
  const most = isWhole ? significant.length : wanted;
  return exponent < -4 || exponent >= most ? scientific(significant, exponent) : plain(significant, exponent);
}

/** The verbs of Go's fmt that write a float. */
export type FloatVerb = "e" | "f" | "g";

/** A float as Go's fmt writes it by a verb; the precision is 6, or of %g what the number needs. */
export function formatFloat(value: number, verb: FloatVerb, precision?: number): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign === "" ? "+Inf" : "-Inf";
  if (verb === "g") return sign + general(size, precision);
  const places = precision ?? 6;
  if (verb === "f") return sign + fixed(size, places);
  if (size === 0) return sign + scientific("0".repeat(places + 1), 0);
  const { digits, exponent } = digitsOf(size, places + 1);
  return sign + scientific(digits, exponent);
}
