import { maskMarked, maskValue } from "#lib/collect/processes/command-line.ts";
import { cleanText, readAttributes } from "#lib/otlp/resource/attributes.ts";
import { maskStatement } from "#lib/otlp/traces/statement.ts";
import type { KeyValue } from "#lib/otlp/wire/messages.ts";

const STATEMENT = /^db\.(statement|query\.text|query\.summary)$/;
const PARAMETER = /^db\.(query|operation)\.parameter\b|^(url\.query|enduser\.|user\.)/;
const ADDRESS = /^(url\.full|url\.path|http\.(url|target))$/;
const MASK = "***";
/** An attribute of a span as it may be kept: secrets and what a query asks with are masked. */
function maskAttribute(name: string, value: string, system: string): string {
  if (STATEMENT.test(name)) return maskStatement(value, system);
  if (PARAMETER.test(name)) return MASK;
  const text = ADDRESS.test(name) ? value.replace(/[?#].*$/s, `?${MASK}`) : value;
  return maskValue(name, text);
}

const MAX_ATTRIBUTES = 40;
const MAX_TEXT = 2_000;

/** The attributes of a span or an event, masked and at most 40. */
export function maskedAttributes(list: KeyValue[] | undefined): Record<string, string> {
  const read = readAttributes(list, MAX_ATTRIBUTES, MAX_TEXT);
  const system = (read["db.system.name"] ?? read["db.system"] ?? "").toLowerCase();
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, maskAttribute(name, value, system)]));
}

/** A text of a person's or a program's making, such as the message of an error. */
export const maskText = (text: string): string => maskValue("text", cleanText(text, MAX_TEXT));

const USER_INFO = /:\/\/[^\s"']*@/g;
/** How Ruby and Java name a method: Orders::Cart#show, api/orders#show. */
const METHOD = /^\w+(?:(?:(?:::|\.)\w+)*|(?:\/\w+)*)#\w+[?!]?$/;

/** What spans are counted by, of a name: without what follows ? and # of a URL, its user, and secrets. A long word is no secret here, as it may be a path. */
export function maskName(name: string): string {
  const words = name.split(/(?<=\s)(?=\S)/);
  const asking = words.findIndex((word) => /[?#]\S/.test(word) && !METHOD.test(word.trim()));
  const kept = asking < 0 ? name : `${words.slice(0, asking).join("")}${words[asking]?.replace(/[?#].*$/s, "")}`;
  return maskMarked(kept.replaceAll(USER_INFO, "://"));
}

/** A route without what follows its ?, which at the end of a part says that this may be missing. */
export const maskRoute = (route: string): string =>
  route.replace(/(?<!\()\?(?=[^/)\s]).*$/s, "").replaceAll(USER_INFO, "://");
