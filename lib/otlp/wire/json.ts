import { Budget, type Decoded, type Message, malformed, put, type Scalar } from "#lib/otlp/wire/fields.ts";

// OTLP's JSON: protobuf's, but for ids as hex and enums as numbers. Numbers of 64 bits come as texts, or as numbers.

const wrong = (path: string, wanted: string) => malformed(`${path.slice(0, 200)} must be ${wanted}`);

const SPECIAL: Record<string, number> = { NaN, Infinity, "-Infinity": -Infinity };

function numberOf(value: unknown, path: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    const special = SPECIAL[value];
    if (special !== undefined) return special;
    const number = Number(value);
    if (value.trim() !== "" && !Number.isNaN(number)) return number;
  }
  throw wrong(path, "a number");
}

function bigintOf(value: unknown, path: string): bigint {
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw wrong(path, "a whole number, as a text or a number");
}

function nanosOf(value: unknown, path: string): bigint {
  // A number of nanoseconds is rounded to 256 of them: the microsecond that was meant is the nearest.
  if (typeof value === "number" && value > Number.MAX_SAFE_INTEGER) return BigInt(Math.round(value / 1_000)) * 1_000n;
  const nanos = bigintOf(value, path);
  if (nanos < 0n || nanos >= 1n << 64n) throw wrong(path, "nanoseconds since 1970");
  return nanos;
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== "string") throw wrong(path, "a text");
  return value;
}

function idOf(value: unknown, path: string): string {
  const text = textOf(value, path);
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw wrong(path, "an id in hex");
  return text.toLowerCase();
}

function boolOf(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw wrong(path, "true or false");
  return value;
}

function integerOf(value: unknown, path: string): number {
  const number = numberOf(value, path);
  if (!Number.isInteger(number)) throw wrong(path, "a whole number");
  return number;
}

function wholeOf(value: unknown, path: string): number {
  const number = integerOf(value, path);
  if (number < 0) throw wrong(path, "zero or a positive whole number");
  return number;
}

const SCALARS: Record<Scalar, (value: unknown, path: string) => unknown> = {
  double: numberOf,
  nanos: nanosOf,
  count: wholeOf,
  int: (value, path) => Number(bigintOf(value, path)),
  bigint: bigintOf,
  uint32: wholeOf,
  int32: integerOf,
  sint32: integerOf,
  uint64: wholeOf,
  bool: boolOf,
  string: textOf,
  bytes: (value, path) => Buffer.from(textOf(value, path), "base64"),
  id: idOf,
};

function readValue(value: unknown, type: Scalar | Message, path: string, budget: Budget): unknown {
  if (typeof type === "string") return SCALARS[type](value, path);
  budget.item();
  return readMessage(value, type, path, budget);
}

function readMessage(value: unknown, { byName }: Message, path: string, budget: Budget): Decoded {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path || "The body", "an object");
  budget.enter();
  const decoded: Decoded = {};
  for (const [name, part] of Object.entries(value)) {
    const field = byName.get(name);
    if (!field || part === null) continue;
    const at = path === "" ? name : `${path}.${name}`;
    if (!field.repeated) decoded[name] = readValue(part, field.type, at, budget);
    else {
      if (!Array.isArray(part)) throw wrong(at, "a list");
      for (const item of part) {
        budget.item();
        put(decoded, field, readValue(item, field.type, at, budget));
      }
    }
  }
  budget.leave();
  return decoded;
}

/** So many brackets may be open at once: JSON's own parser has no limit. */
const MAX_BRACKETS = 200;

function assertFlat(text: string): void {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (quoted && letter === 0x5c) at++;
    else if (letter === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (letter === 0x5b || letter === 0x7b) {
      depth += 1;
      if (depth > MAX_BRACKETS) throw malformed(`The body is nested deeper than ${MAX_BRACKETS} levels`);
    } else if (letter === 0x5d || letter === 0x7d) depth -= 1;
  }
}

/** Decodes a message; fields that the table lacks are passed over. @throws DomainError validation, too-large */
export function decodeJson(bytes: Buffer, type: Message): Decoded {
  const text = bytes.toString();
  assertFlat(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("The body is no JSON, or was cut off: send it again");
  }
  return readMessage(value, type, "", new Budget());
}
