import * as z from "zod";
import { mapParts, withParts } from "#lib/contract/map-schema.ts";
import { definition } from "#lib/contract/wire.ts";

function objectSchema(schema: z.ZodObject): z.ZodType {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, part]) => [name, strict(part as z.ZodType)]),
  );
  const same = Object.entries(schema.shape).every(([name, part]) => shape[name] === part);
  const parts = { ...(same ? {} : { shape }), ...(definition(schema).catchall ? {} : { catchall: z.never() }) };
  return withParts(schema, parts);
}

/** A schema whose objects refuse keys that they do not describe: a name that is misspelt must not mean that nothing was said. */
export function strict<S extends z.ZodType>(schema: S): S {
  const { type, in: source, out } = definition(schema);
  if (type === "object") return objectSchema(schema as unknown as z.ZodObject) as unknown as S;
  if (type === "pipe")
    return withParts(schema, { in: strict(source as z.ZodType), out: strict(out as z.ZodType) }) as S;
  return mapParts(schema, strict) as S;
}
