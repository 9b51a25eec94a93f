import type { z } from "zod";
import { fromZod } from "#app/api/_serve/problem.ts";
import { DomainError } from "#lib/errors.ts";

function check<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data;
}

export function parseParams<T extends z.ZodObject>(schema: T | undefined, params: Record<string, string>): z.infer<T> {
  return schema ? check(schema, params) : ({} as z.infer<T>);
}

function wantsList(schema: z.ZodType | undefined): boolean {
  const def = schema?.def as { type: string; innerType?: z.ZodType } | undefined;
  return def?.type === "array" || (def?.innerType !== undefined && wantsList(def.innerType));
}

/** A name that stands more than once is a list; a schema that wants a list gets one also for a single value. */
export function parseQuery<T extends z.ZodObject>(schema: T | undefined, search: URLSearchParams): z.infer<T> {
  if (!schema) return {} as z.infer<T>;
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(search.keys())) {
    const all = search.getAll(name);
    const listed = wantsList(schema.shape[name] as z.ZodType | undefined);
    values[name] = listed || all.length > 1 ? all : (all[0] as string);
  }
  return check(schema, values);
}

export async function parseBody<T extends z.ZodType>(schema: T | undefined, request: Request): Promise<z.infer<T>> {
  if (!schema) return undefined as z.infer<T>;
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    throw new DomainError("validation", "The body is not JSON", {
      fields: [{ field: "body", message: "Send a JSON object" }],
    });
  }
  return check(schema, body);
}
