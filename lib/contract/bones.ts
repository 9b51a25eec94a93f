import type { z } from "zod";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { type BareEndpoint, type Bones, CODECS, PARTS } from "#lib/contract/skeleton.ts";
import { type Definition, definition, wireName } from "#lib/contract/wire.ts";

type Values = { values?: unknown[]; entries?: Record<string, unknown> };

/** The name of a codec; undefined for what is none. @throws Error for a codec that browsers do not know */
function codecOf({ reverseTransform }: Definition): keyof typeof CODECS | undefined {
  if (!reverseTransform) return undefined;
  const names = Object.keys(CODECS) as (keyof typeof CODECS)[];
  const name = names.find((candidate) => CODECS[candidate].encode === reverseTransform);
  if (!name) throw new Error("A codec of the contract has no name in CODECS");
  return name;
}

/** Whether a schema's values are the same on the wire: no names to change, no instants. */
function isPlain(bones: Bones): boolean {
  if (typeof bones === "string") return bones !== "date";
  const { type, shape = {}, items = [], options = [], parts = {} } = bones;
  if (type === "date" || type === "pipe") return false;
  if (Object.keys(shape).some((name) => wireName(name) !== name)) return false;
  return [...Object.values(shape), ...items, ...options, ...Object.values(parts)].every(isPlain);
}

/** What is left of a part that is as it is on the wire. What is sent keeps its objects: no other keys may go. */
function pruned(bones: Bones, sent: boolean): Bones {
  if (sent || typeof bones === "string" || bones.type === "literal" || !isPlain(bones)) return bones;
  return bones.bare ? { type: "any", bare: true } : "any";
}

/** The bones of a schema; of what is `sent`, all objects. */
function bonesOf(schema: z.ZodType, sent: boolean): Bones {
  const def = definition(schema);
  const { values, entries } = def as Values;
  const within = (part: z.ZodType) => pruned(bonesOf(part, sent), sent);
  const isOpen = def.catchall && definition(def.catchall).type !== "never";
  const parts = Object.fromEntries(
    PARTS.flatMap((name) => (def[name] && (name !== "catchall" || isOpen) ? [[name, within(def[name])]] : [])),
  );
  const codec = codecOf(def);
  const shape = def.type === "object" ? Object.entries((schema as z.ZodObject).shape) : undefined;
  const bones = {
    type: def.type,
    ...(schema.safeParse(undefined).success && { bare: true as const }),
    ...(values ? { values } : entries ? { values: Object.values(entries) } : {}),
    ...(codec && { codec }),
    ...(shape && { shape: Object.fromEntries(shape.map(([name, part]) => [name, within(part as z.ZodType)])) }),
    ...(def.items && { items: def.items.map(within) }),
    // An option is recognised by its keys.
    ...(def.options && { options: def.options.map((option) => bonesOf(option, sent)) }),
    ...(Object.keys(parts).length > 0 && { parts }),
  };
  return Object.keys(bones).length === 1 ? def.type : bones;
}

/** An endpoint without zod. */
export const bareEndpoint = ({ method, path, query, body, response }: Endpoint): BareEndpoint => ({
  ...{ method, path },
  ...(query && { query: bonesOf(query, true) }),
  ...(body && { body: bonesOf(body, true) }),
  ...(response && { response: bonesOf(response, false) }),
});
