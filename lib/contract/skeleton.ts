import type { z } from "zod";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { BOOLEAN_TEXT, DURATION_TEXT } from "#lib/contract/param-texts.ts";
import type { Definition } from "#lib/contract/wire.ts";

/** What conversion to and from the wire needs of a schema, as JSON: a leaf's type alone, or its parts. */
export type Bones =
  | string
  | {
      type: string;
      /** Whether a value may be missing. */
      bare?: true;
      /** What a literal or an enumeration may be. */
      values?: unknown[];
      codec?: keyof typeof CODECS;
      shape?: Record<string, Bones>;
      items?: Bones[];
      options?: Bones[];
      parts?: { [Part in PartName]?: Bones };
    };

/** The parts of a schema that are a schema each. */
export const PARTS = ["innerType", "element", "rest", "valueType", "left", "right", "in", "out", "catchall"] as const;
type PartName = (typeof PARTS)[number];

/** The only functions by which values are converted: named, since JSON holds none. */
export const CODECS = { duration: DURATION_TEXT, boolean: BOOLEAN_TEXT } as const;

const accepts = (bones: Exclude<Bones, string>, value: unknown): boolean => {
  if (value === undefined) return bones.bare === true;
  if (bones.values) return bones.values.includes(value);
  if (bones.type === "null") return value === null;
  return !["string", "number", "boolean"].includes(bones.type) || typeof value === bones.type;
};

/** As much of a schema as `encode` and `decode` look at. It checks nothing. */
function schemaOf(given: Bones): z.ZodType {
  const bones = typeof given === "string" ? { type: given } : given;
  const { type, codec, shape, items, options, parts = {} } = bones;
  const within = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, schemaOf(part)]));
  const def: Partial<Definition> = {
    ...{ type, ...within },
    ...(items && { items: items.map(schemaOf) }),
    ...(options && { options: options.map(schemaOf) }),
    ...(codec && ({ transform: CODECS[codec].decode, reverseTransform: CODECS[codec].encode } as Partial<Definition>)),
  };
  return {
    def,
    ...(shape && { shape: Object.fromEntries(Object.entries(shape).map(([name, part]) => [name, schemaOf(part)])) }),
    safeParse: (value: unknown) => ({ success: accepts(bones, value) }),
  } as unknown as z.ZodType;
}

/** An endpoint as JSON. */
export type BareEndpoint = Pick<Endpoint, "method" | "path"> & { query?: Bones; body?: Bones; response?: Bones };

/** Endpoints by which a browser calls, of what is left of the contract without zod. */
export const endpointsOf = (bare: Record<string, BareEndpoint>): Record<string, Endpoint> =>
  Object.fromEntries(
    Object.entries(bare).map(([name, { query, body, response, ...rest }]) => [
      name,
      {
        ...rest,
        ...(query && { query: schemaOf(query) }),
        ...(body && { body: schemaOf(body) }),
        ...(response && { response: schemaOf(response) }),
      } as unknown as Endpoint,
    ]),
  );
