import { z } from "zod";
import { invalid, problemsOf } from "#app/api/_serve/problem.ts";
import { parseWire, unwrap, wireName } from "#lib/contract/wire.ts";
import { DomainError, type FieldProblem } from "#lib/errors.ts";

/** The fields whose text holds what PostgreSQL cannot store: U+0000, or half of a surrogate pair. */
function unstorable(value: unknown, path: string[] = []): FieldProblem[] {
  if (typeof value === "string")
    return value.includes("\0") || !value.isWellFormed()
      ? [{ field: path.join(".") || "body", message: "Remove the control character U+0000 or the broken character" }]
      : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    ...unstorable(key, path),
    ...unstorable(part, [...path, key]),
  ]);
}

const asIs = (field: string): string => field;

/** Checks a part of a request by its schema; what is wrong is named as on the wire. @throws DomainError validation */
function check<T extends z.ZodType>(schema: T, value: unknown, rename = asIs): z.output<T> {
  const fields = unstorable(value);
  if (fields.length > 0) throw invalid(fields, rename);
  try {
    return parseWire(schema, value);
  } catch (error) {
    throw error instanceof z.ZodError ? invalid(problemsOf(error), rename) : error;
  }
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

/** The JSON of a body. @throws DomainError validation */
export async function parseBody<T extends z.ZodType>(schema: T | undefined, request: Request): Promise<z.output<T>> {
  if (!schema) return undefined as z.output<T>;
  return check(schema, parseJson(await request.text()));
}
