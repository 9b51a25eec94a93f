import { z } from "zod";
import { definition, sourceOf, wireName } from "#lib/contract/wire.ts";

const made = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The schema of a value's JSON as it goes over the wire: keys in snake_case, instants as ISO 8601, codecs by their input. It serves the
 * OpenAPI document and the tests' check of answers. Rules across the keys of an object stay with the schema that it is made from.
 */
export function wireSchema(schema: z.ZodType): z.ZodType {
  const before = made.get(schema);
  if (before) return before;
  const wire = convert(schema);
  made.set(schema, wire);
  return wire;
}

/** A copy with other parts, or the schema itself where none of them differs; descriptions are kept. */
function withParts(schema: z.ZodType, parts: Record<string, unknown>): z.ZodType {
  const def = schema.def as unknown as Record<string, unknown>;
  const same = Object.entries(parts).every(([key, part]) => {
    const own = def[key];
    return Array.isArray(part) && Array.isArray(own) ? part.every((item, i) => item === own[i]) : part === own;
  });
  return same ? schema : described(schema.clone({ ...schema.def, ...parts } as typeof schema.def), schema);
}

function objectSchema(schema: z.ZodObject): z.ZodType {
  const entries = Object.entries(schema.shape).map(([name, part]): [string, z.ZodType] => [
    wireName(name),
    wireSchema(part as z.ZodType),
  ]);
  const same = entries.every(([name, part]) => schema.shape[name] === part);
  return same ? schema : withParts(schema, { shape: Object.fromEntries(entries), checks: [] });
}

function described(wire: z.ZodType, schema: z.ZodType): z.ZodType {
  const meta = schema.meta();
  return meta ? wire.meta({ ...wire.meta(), ...meta }) : wire;
}

function convert(schema: z.ZodType): z.ZodType {
  const { type, ...def } = definition(schema);
  const part = (name: "innerType" | "element" | "valueType" | "left" | "right") => wireSchema(def[name] as z.ZodType);
  if (type === "date") return described(z.iso.datetime(), schema);
  if (type === "object") return objectSchema(schema as z.ZodObject);
  if (type === "array") return withParts(schema, { element: part("element") });
  if (type === "record") return withParts(schema, { valueType: part("valueType") });
  if (type === "union") return withParts(schema, { options: (def.options ?? []).map(wireSchema) });
  if (type === "intersection") return withParts(schema, { left: part("left"), right: part("right") });
  if (type === "lazy") return z.lazy(() => wireSchema((def.getter as () => z.ZodType)()));
  if (type === "pipe") return described(wireSchema(sourceOf({ type, ...def })), schema);
  if (type === "tuple")
    return withParts(schema, {
      items: (def.items ?? []).map(wireSchema),
      rest: def.rest ? wireSchema(def.rest) : null,
    });
  return def.innerType ? withParts(schema, { innerType: part("innerType") }) : schema;
}
