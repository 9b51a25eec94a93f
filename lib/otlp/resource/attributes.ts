import { createHash } from "node:crypto";
import { storable } from "#lib/contract/storable.ts";
import type { AnyValue, KeyValue } from "#lib/otlp/wire/messages.ts";

/** A value of an attribute as a label, characters; and its name. */
const MAX_VALUE = 300;
const MAX_NAME = 150;
/** Of values within values so many are written out. */
const MAX_PARTS = 64;
const MAX_LEVELS = 4;

/** They turn the order in which what follows is drawn, so that a name looks like another. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text that PostgreSQL and every reader take, of so many characters at most. */
export function cleanText(text: string, max: number): string {
  const drawn = text.replace(DIRECTIONS, "");
  const cut = drawn.length > max ? `${drawn.slice(0, max - 1)}…` : drawn;
  return storable(cut);
}

/** What JSON has for a value of any type. */
function plain(value: AnyValue | undefined, level: number): unknown {
  if (value === undefined) return null;
  const { arrayValue, kvlistValue, bytesValue, intValue, doubleValue } = value;
  if (level > MAX_LEVELS && (arrayValue || kvlistValue)) return "…";
  if (arrayValue) return (arrayValue.values ?? []).slice(0, MAX_PARTS).map((part) => plain(part, level + 1));
  if (kvlistValue)
    return Object.fromEntries(
      (kvlistValue.values ?? []).slice(0, MAX_PARTS).map(({ key = "", value: part }) => [key, plain(part, level + 1)]),
    );
  if (bytesValue) return bytesValue.subarray(0, MAX_VALUE).toString("base64");
  if (intValue !== undefined) return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? doubleValue : String(doubleValue);
  return value.stringValue ?? value.boolValue ?? null;
}

/** A value of any type as a text of at most `max` characters: lists and maps as JSON, bytes as base64. */
function textOf(value: AnyValue | undefined, max = MAX_VALUE): string {
  if (value?.stringValue !== undefined) return cleanText(value.stringValue, max);
  const part = plain(value, 0);
  if (part === null) return "";
  return cleanText(typeof part === "object" ? JSON.stringify(part) : String(part), max);
}

const DIGITS = 12;

/** An attribute whose text is cut with digits that tell it from others that begin alike. */
export function cutApart(attribute: KeyValue): KeyValue {
  const text = attribute.value?.stringValue;
  if (text === undefined || text.length <= MAX_VALUE) return attribute;
  const digits = createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
  return { ...attribute, value: { stringValue: `${text.slice(0, MAX_VALUE - DIGITS - 1)}…${digits}` } };
}

/** Attributes by their name; of a name that comes twice the last one counts, and what has no name or no value is left out. At most `max` of them. */
export function readAttributes(
  list: readonly KeyValue[] | undefined,
  max: number,
  length = MAX_VALUE,
): Record<string, string> {
  const found = new Map<string, string>();
  for (const { key = "", value } of list ?? []) {
    const name = cleanText(key, MAX_NAME);
    const text = textOf(value, length);
    if (name === "" || text === "") continue;
    found.set(name, text);
    if (found.size >= max) break;
  }
  return Object.fromEntries(found);
}
