/** What is read of a JSON Schema as OpenAPI 3.1 has it. */
export type Schema = {
  type?: string | string[];
  format?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | boolean;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
};

/** A field of a body or an answer: `depth` is how deep it lies. */
export type SchemaRow = { name: string; depth: number; type: string; isRequired: boolean; note: string };

/** Deeper ones are named as what they are, and not taken apart. */
const DEEPEST = 5;
const MOST_VALUES = 20;

const variantsOf = ({ anyOf, oneOf, allOf }: Schema): Schema[] => anyOf ?? oneOf ?? allOf ?? [];
const isNull = ({ type }: Schema): boolean => type === "null";
const itemsOf = ({ items }: Schema): Schema | undefined => (typeof items === "object" ? items : undefined);
const valuesOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === "object" ? additionalProperties : undefined;

/** A schema's type in words: "list of integer", "text or null", the values of a choice. */
export function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) {
    const shown = schema.enum.slice(0, MOST_VALUES).map((value) => JSON.stringify(value));
    return `${shown.join(", ")}${schema.enum.length > MOST_VALUES ? ", …" : ""}`;
  }
  const variants = variantsOf(schema);
  if (variants.length > 0) return [...new Set(variants.map(typeText))].join(" or ");
  const types = [schema.type ?? []].flat();
  return types.length > 0 ? types.map((type) => plainType(type, schema)).join(" or ") : "anything";
}

function plainType(type: string, schema: Schema): string {
  if (type === "array") return `list of ${typeText(itemsOf(schema) ?? {})}`;
  if (type === "string") return schema.format === "date-time" ? "instant" : "text";
  const values = valuesOf(schema);
  if (type === "object" && values) return `object of ${typeText(values)}`;
  return type;
}

/** Bounds that a machine's integers set anyhow say nothing. */
const isBound = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function boundsText(low: number | undefined, high: number | undefined, unit: string): string {
  const [least, most] = [isBound(low) ? low : undefined, isBound(high) ? high : undefined];
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `At most ${most}${unit}`;
  return most === undefined ? `At least ${least}${unit}` : `${least} to ${most}${unit}`;
}

/** What else holds of a value: its description, default and bounds. */
export function noteOf(schema: Schema): string {
  const { description = "", minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const parts = [
    description,
    schema.default === undefined ? "" : `Default ${JSON.stringify(schema.default)}`,
    boundsText(minimum, maximum, ""),
    boundsText(minLength, maxLength, " characters"),
    boundsText(minItems, maxItems, " entries"),
  ];
  return parts.filter(Boolean).join(". ");
}

/** What a schema is made of beside null: itself, its variants, or what a list of it holds. */
function objectsOf(schema: Schema): Schema[] {
  const variants = variantsOf(schema).filter((variant) => !isNull(variant));
  if (variants.length > 0) return variants.flatMap(objectsOf);
  const inner = itemsOf(schema) ?? (schema.properties ? undefined : valuesOf(schema));
  return inner ? objectsOf(inner) : [schema];
}

/** The fields of a schema, each followed by those within it. */
export function schemaRows(schema: Schema, depth = 0): SchemaRow[] {
  if (depth > DEEPEST) return [];
  const rows = new Map<string, SchemaRow[]>();
  for (const { properties = {}, required = [] } of objectsOf(schema))
    for (const [name, field] of Object.entries(properties)) {
      const shared = rows.get(name)?.[0];
      if (shared) {
        // Of variants each may allow another value.
        if (!shared.type.split(" or ").includes(typeText(field))) shared.type += ` or ${typeText(field)}`;
        continue;
      }
      const row = { name, depth, type: typeText(field), isRequired: required.includes(name), note: noteOf(field) };
      rows.set(name, [row, ...schemaRows(field, depth + 1)]);
    }
  return [...rows.values()].flat();
}
