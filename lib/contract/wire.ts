import type { z } from "zod";
import { isoMs } from "#lib/contract/param-texts.ts";

// JSON is snake_case, as in Prometheus, in PostgreSQL and in the snapshot that the first users were promised (cpu_usage); TypeScript
// stays camelCase. This is the one place that converts, driven by the schema: keys that a schema describes are renamed, keys
// that are data (of a record, such as labels) are not. An instant is a Date here and ISO 8601 there.

type Json = unknown;
type Convert = (value: unknown) => unknown;

/** How one schema's values are converted in one direction; undefined where nothing is to be done. */
type Direction = { convert: (schema: z.ZodType) => Convert | undefined; object: ObjectConverter };
type ObjectConverter = (schema: z.ZodObject, convert: (schema: z.ZodType) => Convert | undefined) => Convert;

// zod types each schema's definition apart; here they are read by their `type`.
export type Definition = {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  items?: z.ZodType[];
  rest?: z.ZodType | null;
  valueType?: z.ZodType;
  options?: z.ZodType[];
  left?: z.ZodType;
  right?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  getter?: () => z.ZodType;
  catchall?: z.ZodType;
  transform?: (value: unknown, payload: unknown) => unknown;
  reverseTransform?: (value: unknown, payload: unknown) => unknown;
};

/** A schema's definition, read by its type. */
export const definition = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** stepMs -> step_ms; what is snake_case already stays. */
export const wireName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** What a schema wraps without changing the form of its values. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType, getter } = definition(schema);
  return innerType ? unwrap(innerType) : getter ? unwrap(getter()) : schema;
}

const listOf = (convert: Convert | undefined): Convert | undefined =>
  convert && ((value) => (Array.isArray(value) ? value.map(convert) : value));

function tupleOf(items: (Convert | undefined)[], rest: Convert | undefined): Convert | undefined {
  if (!rest && items.every((item) => item === undefined)) return undefined;
  return (value) =>
    Array.isArray(value)
      ? value.map((part, i) => ((i < items.length ? items[i] : rest) ?? ((same: unknown) => same))(part))
      : value;
}

function recordOf(convert: Convert | undefined): Convert | undefined {
  if (!convert) return undefined;
  return (value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)])) : value;
}

/** Whether a value could be of an option of a union, by its form alone; `wire` says whose names its keys have. */
function fits(schema: z.ZodType, value: unknown, wire: boolean): boolean {
  const inner = unwrap(schema);
  const { type, in: source, out } = definition(inner);
  if (type === "pipe") return fits((wire ? source : out) as z.ZodType, value, wire);
  if (type === "date") return wire ? typeof value === "string" : value instanceof Date;
  if (type === "array" || type === "tuple") return Array.isArray(value);
  if (type === "record") return isObject(value);
  if (type !== "object") return inner.safeParse(value).success;
  if (!isObject(value)) return false;
  return Object.entries((inner as z.ZodObject).shape).every(([name, part]) => {
    const given = value[wire ? wireName(name) : name];
    if (given === undefined) return (part as z.ZodType).safeParse(undefined).success;
    return definition(unwrap(part as z.ZodType)).type !== "literal" || fits(part as z.ZodType, given, wire);
  });
}

function unionOf(options: z.ZodType[], { convert }: Direction, wire: boolean): Convert | undefined {
  const converters = options.map(convert);
  if (converters.every((converter) => converter === undefined)) return undefined;
  return (value) => {
    const chosen = options.findIndex((option) => fits(option, value, wire));
    return converters[chosen]?.(value) ?? value;
  };
}

/** A converter for a kind of schema that has others within; `direction.convert` makes theirs. */
function composite(schema: z.ZodType, direction: Direction, wire: boolean): Convert | undefined {
  const { convert } = direction;
  const def = definition(schema);
  if (def.type === "object") return direction.object(schema as z.ZodObject, convert);
  if (def.type === "array") return listOf(convert(def.element as z.ZodType));
  if (def.type === "tuple") return tupleOf((def.items ?? []).map(convert), def.rest ? convert(def.rest) : undefined);
  if (def.type === "record") return recordOf(convert(def.valueType as z.ZodType));
  if (def.type === "union") return unionOf(def.options ?? [], direction, wire);
  if (def.type === "lazy") return (value) => convert((def.getter as () => z.ZodType)())?.(value) ?? value;
  if (def.type === "intersection") {
    const [left, right] = [convert(def.left as z.ZodType), convert(def.right as z.ZodType)];
    if (!left && !right) return undefined;
    return (value) => ({ ...(left?.(value) ?? value ?? {}), ...((right?.(value) as object | undefined) ?? {}) });
  }
  const inner = def.innerType && convert(def.innerType);
  return inner && ((value) => (value === null || value === undefined ? value : inner(value)));
}

/** What JSON of a schema holds; a preprocessing step in front of it changes no names. */
export const sourceOf = ({ in: source, out }: Definition): z.ZodType =>
  definition(source as z.ZodType).type === "transform" ? (out as z.ZodType) : (source as z.ZodType);

/** Converters are made once a schema. */
function memo(make: (schema: z.ZodType) => Convert | undefined): (schema: z.ZodType) => Convert | undefined {
  const made = new WeakMap<z.ZodType, { convert: Convert | undefined }>();
  return (schema) => {
    const before = made.get(schema);
    if (before) return before.convert;
    const entry = { convert: make(schema) };
    made.set(schema, entry);
    return entry.convert;
  };
}

const encodeObject: ObjectConverter = (schema, convert) => {
  const names = Object.entries(schema.shape).map(([name, part]): [string, string, Convert | undefined] => [
    name,
    wireName(name),
    convert(part as z.ZodType),
  ]);
  const { catchall } = definition(schema);
  const open = catchall !== undefined && definition(catchall).type !== "never";
  return (value) => {
    if (!isObject(value)) return value;
    const json: Record<string, unknown> = {};
    for (const [name, wire, part] of names) {
      const own = value[name];
      if (own !== undefined) json[wire] = part ? part(own) : own;
    }
    if (open) for (const [name, own] of Object.entries(value)) if (!Object.hasOwn(schema.shape, name)) json[name] = own;
    return json;
  };
};

const encoder: Direction = {
  object: encodeObject,
  convert: memo((schema) => {
    const { type, reverseTransform, in: source, out } = definition(schema);
    if (type === "date") return (value) => (value instanceof Date ? value.toISOString() : value);
    if (type !== "pipe") return composite(schema, encoder, false);
    if (!reverseTransform) return encoder.convert(out as z.ZodType);
    const inner = encoder.convert(source as z.ZodType);
    return (value) => {
      const plain = reverseTransform(value, { value, issues: [] });
      return inner ? inner(plain) : plain;
    };
  }),
};

/** A name that only TypeScript knows: on the wire it means nothing, so it must not pass for the described one. */
export const ALIEN = "\u0000";

const decodeObject: ObjectConverter = (schema, convert) => {
  const names = new Map(
    Object.entries(schema.shape).map(([name, part]): [string, [string, Convert | undefined]] => [
      wireName(name),
      [name, convert(part as z.ZodType)],
    ]),
  );
  return (json) => {
    if (!isObject(json)) return json;
    const value: Record<string, unknown> = {};
    for (const [key, own] of Object.entries(json)) {
      const described = names.get(key);
      if (described) value[described[0]] = described[1] ? described[1](own) : own;
      // Set by that name it would be where others are looked for, and not be there itself.
      else value[Object.hasOwn(schema.shape, key) || key === "__proto__" ? `${ALIEN}${key}` : key] = own;
    }
    return value;
  };
};

/** A text that is no instant is left to zod, which says so. */
const toDate = (json: unknown): unknown => {
  const ms = typeof json === "string" ? isoMs(json) : undefined;
  return ms === undefined ? json : new Date(ms);
};

/** With `codecs` their texts become values; without, they are left to zod, which checks what it decodes. */
function decoding(codecs: boolean): Direction {
  const direction: Direction = {
    object: decodeObject,
    convert: memo((schema) => {
      const { type, transform, out, ...rest } = definition(schema);
      if (type === "date") return toDate;
      if (type !== "pipe") return composite(schema, direction, true);
      const decodes = codecs && transform !== undefined;
      const inner = direction.convert(codecs && !transform ? (out as z.ZodType) : sourceOf({ type, out, ...rest }));
      if (!decodes) return inner;
      return (json) => transform(inner ? inner(json) : json, { value: json, issues: [] });
    }),
  };
  return direction;
}

const decoder = decoding(true);

/** The JSON of a value: only keys that the schema describes, in the wire's names; instants as ISO 8601. */
export const encode = <S extends z.ZodType>(schema: S, value: z.output<S>): Json =>
  encoder.convert(schema)?.(value) ?? value;

/** The value of an answer's JSON, which is trusted to be as described: names and instants are converted, nothing is checked. */
export const decode = <S extends z.ZodType>(schema: S, json: Json): z.output<S> =>
  (decoder.convert(schema)?.(json) ?? json) as z.output<S>;

const renamer = decoding(false);

/** The names of what came in made TypeScript's, for a schema that is to check and decode the rest. */
export const renamed = (schema: z.ZodType, json: Json): unknown => renamer.convert(schema)?.(json) ?? json;
