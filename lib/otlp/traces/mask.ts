import { maskValue } from "#lib/collect/processes/command-line.ts";
import { readAttributes } from "#lib/otlp/resource/attributes.ts";
import type { KeyValue } from "#lib/otlp/wire/messages.ts";

const STATEMENT = /^db\.(statement|query\.text|query\.summary)$/;
const PARAMETER = /^db\.(query|operation)\.parameter\b|^(url\.query|enduser\.|user\.)/;
const ADDRESS = /^(url\.full|url\.path|http\.(url|target))$/;
const MASK = "***";
const MAX_STATEMENT = 500;

/** Texts and numbers of a statement as ?; of a statement that was cut off the rest of a text too. */
function maskStatement(statement: string): string {
  return statement
    .replace(/'(?:[^']|'')*(?:'|$)/g, "?")
    .replace(/"(?:[^"\\]|\\.)*$/g, "?")
    .replace(/\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g, "?")
    .replace(/(?<![\w$.])\d[\w.]*/g, "?")
    .slice(0, MAX_STATEMENT);
}

/** An attribute of a span as it may be kept: secrets and what a query asks with are masked. */
function maskAttribute(name: string, value: string): string {
  if (STATEMENT.test(name)) return maskStatement(value);
  if (PARAMETER.test(name)) return MASK;
  const text = ADDRESS.test(name) ? value.replace(/[?#].*$/s, `?${MASK}`) : value;
  return maskValue(name, text);
}

const MAX_ATTRIBUTES = 40;

/** The attributes of a span or an event, masked and at most 40. */
export function maskedAttributes(list: KeyValue[] | undefined): Record<string, string> {
  const read = readAttributes(list, MAX_ATTRIBUTES, 2_000);
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, maskAttribute(name, value)]));
}

/** A text of a person's or a program's making, such as the message of an error. */
export const maskText = (text: string): string => maskValue("text", text.replaceAll("\u0000", ""));
