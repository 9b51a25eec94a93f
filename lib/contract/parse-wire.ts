import * as z from "zod";
import { ALIEN, definition, renamed, sourceOf, unwrap, wireName } from "#lib/contract/wire.ts";

/** The path of an issue in the wire's names: keys that are data stay. */
function wirePath(schema: z.ZodType, path: PropertyKey[]): PropertyKey[] {
  const [key, ...rest] = path;
  if (key === undefined) return [];
  const inner = unwrap(schema);
  const { type, element, items, valueType, options } = definition(inner);
  if (type === "pipe") return wirePath(sourceOf(definition(inner)), path);
  if (type === "array") return [key, ...wirePath(element as z.ZodType, rest)];
  if (type === "record") return [key, ...wirePath(valueType as z.ZodType, rest)];
  if (type === "tuple") return [key, ...wirePath(items?.[Number(key)] ?? z.unknown(), rest)];
  if (type === "union") {
    const own = options?.find((option) => Object.hasOwn((unwrap(option) as z.ZodObject).shape ?? {}, key));
    return own ? wirePath(own, path) : path;
  }
  const part = type === "object" ? ((inner as z.ZodObject).shape[String(key)] as z.ZodType | undefined) : undefined;
  return part ? [wireName(String(key)), ...wirePath(part, rest)] : path;
}

/** Checks what came in by a schema and answers its value; issues name the wire's keys. @throws z.ZodError */
export function parseWire<S extends z.ZodType>(schema: S, json: unknown): z.output<S> {
  const parsed = schema.safeParse(renamed(schema, json));
  if (parsed.success) return parsed.data;
  const plain = (text: string) => text.replaceAll(ALIEN, "");
  throw new z.ZodError(
    parsed.error.issues.map((issue) => ({
      ...issue,
      path: wirePath(schema, issue.path),
      message: plain(issue.message),
      ...(issue.code === "unrecognized_keys" ? { keys: issue.keys.map(plain) } : {}),
    })) as z.core.$ZodIssue[],
  );
}
