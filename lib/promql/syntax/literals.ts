import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, YEAR_MS } from "#lib/time/durations.ts";

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|0[0-7]+)$/;
const MAX_INTEGER = 2n ** 63n - 1n;

/** A number as Prometheus reads it: 0x1F is 31, 010 is 8, 09 is 9; undefined for one past a double. */
export function readNumber(text: string): number | undefined {
  const [sign, digits] = /^[+-]/.test(text) ? [text[0] === "-" ? -1 : 1, text.slice(1)] : [1, text];
  if (/^inf$/i.test(digits)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(digits)) return Number.NaN;
  if (INTEGER.test(digits)) {
    const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
    if (value <= MAX_INTEGER) return sign * Number(value);
    if (/^0x/i.test(digits)) return undefined;
  }
  const value = /^0x/i.test(digits) ? Number.NaN : Number(digits);
  return Number.isFinite(value) ? sign * value : undefined;
}

const UNITS_MS: [string, number][] = [
  ["y", YEAR_MS],
  ["w", 7 * DAY_MS],
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
  ["ms", 1],
];
const DURATION = new RegExp(`^${UNITS_MS.map(([unit]) => `(?:(\\d+)${unit})?`).join("")}$`);
/** What Go's nanoseconds in 64 bits hold: some 292 years. */
const MAX_DURATION_MS = 9_223_372_036_854;

/** A duration such as 1h30m in ms; undefined for what is none. */
export function readDuration(text: string): number | undefined {
  const match = text === "" ? null : DURATION.exec(text);
  if (!match) return text === "0" ? 0 : undefined;
  const ms = UNITS_MS.reduce((sum, [, unitMs], n) => sum + Number(match[n + 1] ?? 0) * unitMs, 0);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}

const SIMPLE: Record<string, string> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" },
};
const ESCAPE = /\\(?:([abfnrtv\\'"])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))/g;

const codePoint = (code: number): string | undefined =>
  code > 0x10_ff_ff || (code >= 0xd8_00 && code < 0xe0_00) ? undefined : String.fromCodePoint(code);

/** Bytes that were written as \x or octal, as the UTF-8 that they are. */
const fromBytes = (bytes: number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));

/**
 * A string literal with its quotes as text, by Go's rules: double and single quotes take escapes, backquotes none.
 * @throws SyntaxError for an escape that there is not
 */
export function readString(literal: string): string {
  const quote = literal[0] as string;
  const body = literal.slice(1, -1);
  if (quote === "`") return body;
  let [text, at] = ["", 0];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) text += fromBytes(bytes);
    bytes = [];
  };
  for (const match of body.matchAll(ESCAPE)) {
    const [whole, simple, octal, hex, short, long] = match;
    if (match.index > at) {
      flush();
      text += body.slice(at, match.index);
    }
    at = match.index + whole.length;
    const byte = octal ? Number.parseInt(octal, 8) : hex ? Number.parseInt(hex, 16) : undefined;
    if (byte !== undefined && byte <= 255) {
      bytes.push(byte);
      continue;
    }
    flush();
    const code = short ?? long;
    const letter = simple ? (simple === "'" || simple === '"' ? sameQuote(simple, quote) : SIMPLE[simple]) : undefined;
    const decoded = code ? codePoint(Number.parseInt(code, 16)) : letter;
    if (decoded === undefined) throw new SyntaxError(`unknown escape sequence ${whole}`);
    text += decoded;
  }
  flush();
  return text + body.slice(at);
}

const sameQuote = (letter: string, quote: string): string | undefined => (letter === quote ? letter : undefined);
