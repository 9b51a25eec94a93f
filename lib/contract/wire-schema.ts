import * as z from "zod";
import { described, mapParts, withParts } from "#lib/contract/map-schema.ts";
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

function objectSchema(schema: z.ZodObject): z.ZodType {
  const entries = Object.entries(schema.shape).map(([name, part]): [string, z.ZodType] => [
    wireName(name),
    wireSchema(part as z.ZodType),
  ]);
  const same = entries.every(([name, part]) => schema.shape[name] === part);
  return same ? schema : withParts(schema, { shape: Object.fromEntries(entries), checks: [] });
}

function convert(schema: z.ZodType): z.ZodType {
  const { type, ...def } = definition(schema);
  if (type === "date") return described(z.iso.datetime(), schema);
  if (type === "object") return objectSchema(schema as z.ZodObject);
  if (type === "lazy") return z.lazy(() => wireSchema((def.getter as () => z.ZodType)()));
  if (type === "pipe") return described(wireSchema(sourceOf({ type, ...def })), schema);
  return mapParts(schema, wireSchema);
}
