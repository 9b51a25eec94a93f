import type { z } from "zod";
import { definition } from "#lib/contract/wire.ts";

/** A copy that is described as the schema it stands for. */
export function described(copy: z.ZodType, schema: z.ZodType): z.ZodType {
  const meta = schema.meta();
  return meta ? copy.meta({ ...copy.meta(), ...meta }) : copy;
}

/** A copy with other parts, or the schema itself where none of them differs; checks and descriptions are kept. */
export function withParts(schema: z.ZodType, parts: Record<string, unknown>): z.ZodType {
  const def = schema.def as unknown as Record<string, unknown>;
  const same = Object.entries(parts).every(([key, part]) => {
    const own = def[key];
    return Array.isArray(part) && Array.isArray(own) ? part.every((item, i) => item === own[i]) : part === own;
  });
  return same ? schema : described(schema.clone({ ...schema.def, ...parts } as typeof schema.def), schema);
}

/** A copy of a schema that is neither object nor pipe, nor lazy, with each schema within it mapped. */
export function mapParts(schema: z.ZodType, map: (part: z.ZodType) => z.ZodType): z.ZodType {
  const { type, ...def } = definition(schema);
  const part = (name: "innerType" | "element" | "valueType" | "left" | "right") => map(def[name] as z.ZodType);
  if (type === "array") return withParts(schema, { element: part("element") });
  if (type === "record") return withParts(schema, { valueType: part("valueType") });
  if (type === "union") return withParts(schema, { options: (def.options ?? []).map(map) });
  if (type === "intersection") return withParts(schema, { left: part("left"), right: part("right") });
  if (type === "tuple")
    return withParts(schema, { items: (def.items ?? []).map(map), rest: def.rest ? map(def.rest) : null });
  return def.innerType ? withParts(schema, { innerType: part("innerType") }) : schema;
}
