import * as z from "zod";
import { readEncoded } from "#app/api/_serve/encoded-body.ts";
import { invalid, problemsOf } from "#app/api/_serve/problem.ts";
import { parseWire } from "#lib/contract/parse-wire.ts";
import { isStorable } from "#lib/contract/storable.ts";
import { unwrap, wireName } from "#lib/contract/wire.ts";
import { DomainError, type FieldProblem, isDomainError } from "#lib/errors.ts";

/** The fields whose text holds what PostgreSQL cannot store: U+0000, or half of a surrogate pair. */
function unstorable(value: unknown, path: string[] = []): FieldProblem[] {
  if (typeof value === "string")
    return isStorable(value)
      ? []
      : [{ field: path.join(".") || "body", message: "Remove the control character U+0000 or the broken character" }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    ...unstorable(key, path),
    ...unstorable(part, [...path, key]),
  ]);
}

const asIs = (field: string): string => field;

/** Checks a part of a request by its schema; what is wrong is named as on the wire. @throws DomainError validation */
function check<T extends z.ZodType>(schema: T, value: unknown, rename = asIs): z.output<T> {
  const broken = unstorable(value);
  try {
    const parsed = parseWire(schema, value);
    if (broken.length === 0) return parsed;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const named = new Set(broken.map(({ field }) => field));
    throw invalid([...broken, ...problemsOf(error).filter(({ field }) => !named.has(field))], rename);
  }
  throw invalid(broken, rename);
}

/** The parameters of a path. @throws DomainError validation */
export function parseParams<T extends z.ZodObject>(schema: T | undefined, params: Record<string, string>): z.output<T> {
  return schema ? check(schema, params) : ({} as z.output<T>);
}

const wantsList = (schema: z.ZodType): boolean => unwrap(schema).def.type === "array";

/** A name that stands more than once is a list; a schema that wants a list gets one also for a single value. @throws DomainError validation */
export function parseQuery<T extends z.ZodObject>(schema: T | undefined, search: URLSearchParams): z.output<T> {
  if (!schema) return {} as z.output<T>;
  const lists = new Set(
    Object.entries(schema.shape).flatMap(([name, part]) => (wantsList(part as z.ZodType) ? [wireName(name)] : [])),
  );
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(search.keys())) {
    // An empty value says nothing, as in a form whose field was left empty.
    const all = search.getAll(name).filter((text) => text !== "");
    if (all.length === 0) continue;
    values[name] = lists.has(name) || all.length > 1 ? all : (all[0] as string);
  }
  // A name of a query stands for all its values: `severity`, not `severity.0`.
  return check(schema, values, (field) => field.replace(/\.\d+$/, ""));
}

/** Nobody means to nest deeper, and whoever walks a value that is would overflow its stack. */
const MAX_DEPTH = 64;

/** Whether brackets are nested too deep outside of strings. */
function isTooDeep(text: string): boolean {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted && letter === "\\") at++;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === "[" || letter === "{") && ++depth > MAX_DEPTH) return true;
    else if (!quoted && (letter === "]" || letter === "}")) depth--;
  }
  return false;
}

const notJson = (detail: string, message: string) =>
  new DomainError("validation", detail, { fields: [{ field: "body", message }] });

/** A JSON text as a value. @throws DomainError validation */
function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw notJson(`The body is nested deeper than ${MAX_DEPTH} levels`, "Send flatter JSON");
  try {
    return JSON.parse(text);
  } catch {
    throw notJson("The body is not JSON", "Send a JSON object");
  }
}

/** Items of a list that are refused, by the list's name and their place, while the others are taken. */
class Refusals {
  readonly #list: string;
  readonly #total: number;
  readonly #indexes: number[];
  readonly #fields: FieldProblem[];

  private constructor(list: string, total: number, indexes: number[], fields: FieldProblem[]) {
    this.#list = list;
    this.#total = total;
    this.#indexes = indexes;
    this.#fields = fields;
  }

  /** Of an error of which all is wrong with some items of a list; undefined where there is more to it, or nothing is left. */
  static of(error: unknown, list: string, items: unknown): Refusals | undefined {
    if (!isDomainError(error) || error.type !== "validation" || !Array.isArray(items)) return undefined;
    const item = new RegExp(`^${list}\\.(\\d+)(\\.|$)`);
    const indexes = error.fields.map(({ field }) => Number(item.exec(field)?.[1] ?? -1));
    const refused = [...new Set(indexes)].sort((a, b) => a - b);
    if (refused.includes(-1) || refused.length >= items.length) return undefined;
    return new Refusals(list, items.length, refused, error.fields);
  }

  /** The items that are not refused. */
  rest<T>(items: readonly T[]): T[] {
    const refused = new Set(this.#indexes);
    return items.filter((_, n) => !refused.has(n));
  }

  /** The place in the request of an item of the rest. */
  #positionOf(index: number): number {
    let position = index;
    for (const refused of this.#indexes) if (refused <= position) position++;
    return position;
  }

  /** What to answer once the rest was taken: also what was found wrong then, by its place in the request. */
  toError(later: FieldProblem[] = []): DomainError {
    const renamed = later.map(({ field, message }) => ({
      field: field.replace(/^(\w+)\.(\d+)/, (_, list, n) => `${list}.${this.#positionOf(Number(n))}`),
      message,
    }));
    const all = [...this.#fields, ...renamed];
    const count = new Set(all.map(({ field }) => field.split(".")[1])).size;
    const [first] = all;
    const detail = `${count} of ${this.#total} ${this.#list} are refused, the other ${this.#total - count} are stored. ${first?.field}: ${first?.message}`;
    return new DomainError("validation", detail, { fields: all.slice(0, MAX_FIELDS) });
  }
}

/** So many problems are listed: who sends ten thousand wrong items need not read of each. */
const MAX_FIELDS = 100;

type Body<T extends z.ZodType> = { body: z.output<T>; refusals?: Refusals | undefined };

/** The JSON of a body; of an endpoint that takes items each by itself, those that are right. @throws DomainError validation */
export async function parseBody<T extends z.ZodType>(
  { body: schema, each, ingest }: { body?: T | undefined; each?: string | undefined; ingest?: true },
  request: Request,
): Promise<Body<T>> {
  if (!schema) return { body: undefined as z.output<T> };
  const value = parseJson(ingest ? await readEncoded(request) : await request.text());
  try {
    return { body: check(schema, value) };
  } catch (error) {
    const items = each && (value as Record<string, unknown> | null)?.[each];
    const refusals = each ? Refusals.of(error, each, items) : undefined;
    if (!each || !refusals) throw error;
    return { body: check(schema, { ...(value as object), [each]: refusals.rest(items as unknown[]) }), refusals };
  }
}
