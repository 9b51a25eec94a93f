import fc from "fast-check";

// Requests as an OpenAPI document describes them, and as nobody should send them.

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  format?: string;
  pattern?: string;
};

type Parameter = { in: string; name: string; required?: boolean; schema: Schema };
type Operation = { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } };
export type OpenApi = { paths: Record<string, Record<string, Operation>> };

/** A request to make: the text of the path's parameter, the query as it stands in the address, and the body's text. */
export type FuzzRequest = { method: string; path: string; id: string; search: string; body: string | undefined };

/** What breaks programs: bounds of types, what databases cannot store, instants that there are not, and other people's syntax. */
const NASTY = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "9007199254740993",
    "1e300",
    "-1e300",
    "1e-200",
    "NaN",
    "Infinity",
    "0x10",
  ],
  ...[
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff",
    "😀",
    "\u202e",
    "İ",
    "ß".repeat(50),
    "x".repeat(5_000),
  ],
  ...[
    "2026-02-30",
    "0000-01-01",
    "9999-12-31T23:59:59.999Z",
    "10000-01-01",
    "1970-01-01",
    "2046-01-01T00:00:00Z",
    "1764061200",
    "-62135596800000",
  ],
  ...[
    "now",
    "now-1h",
    "now-99999999999d",
    "now-0s",
    "now+1h",
    "1ms",
    "36525d",
    "0s",
    "UTC",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Middle/Earth",
  ],
  ...[
    "cpu.usage",
    'cpu.usage{host="x"}',
    'disk.usage{mount=~"/\\d*"}',
    'disk.usage{mount=~"(((((a*)*)*)*)*)*"}',
    "cpu.usage{",
    "{}",
    "1",
    "999999999",
  ],
  ...[
    "' OR 1=1 --",
    "%",
    "%%",
    "%s%n",
    "%F0",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "$%7B7*7%7D",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...[
    "checkout",
    "a",
    "* * * * *",
    "0 7 * * 1",
    "admin",
    "csv",
    "xlsx",
    "a@example.org",
    "http://127.0.0.1:1/",
    "https://example.org/…",
  ],
];

const NASTY_NUMBERS = [
  0,
  -0,
  -1,
  0.5,
  1,
  2,
  60,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e100,
  1e300,
  1.7e308,
  -1.7e308,
  1e-200,
  5e-324,
];

const nastyText = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 20 }));
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom(...NASTY_NUMBERS),
  fc.constantFrom(null, true, false, [], {}, [[]], [null], { a: { b: { c: [] } } }, { __proto__: 1 }),
);

const clamp = (value: number, { minimum = -1e6, maximum = 1e6 }: Schema) => Math.min(Math.max(value, minimum), maximum);

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === "uuid") return fc.uuid();
  if (schema.pattern && schema.pattern.length < 100)
    return fc.stringMatching(new RegExp(schema.pattern)).map((text) => text.slice(0, schema.maxLength ?? 200));
  if (schema.format === "date-time") return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  return fc.oneof(
    fc.constantFrom("cpu.usage", "now-1h", "now", "1m", "checkout", "a", "UTC"),
    fc.string({ maxLength: Math.min(schema.maxLength ?? 20, 40) }),
  );
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  const required = new Set(schema.required ?? []);
  const parts = Object.entries(schema.properties ?? {}).map(([name, part]) =>
    fc
      .option(schemaValue(part), { nil: undefined, freq: required.has(name) ? 20 : 2 })
      .map((value) => [name, value] as const),
  );
  const extra = fc.option(fc.tuple(fc.constantFrom("extra", "__proto__", "id", "a\0b"), nasty), {
    nil: undefined,
    freq: 1,
  });
  return fc.tuple(fc.tuple(...parts), fc.option(extra, { nil: undefined, freq: 1 })).map(([entries, more]) => {
    const pairs = [...entries, ...(more ? [more] : [])].filter(([, value]) => value !== undefined);
    return Object.fromEntries(pairs);
  });
}

/** A value as a schema describes it, for the most part. */
function plainOf(schema: Schema): fc.Arbitrary<unknown> {
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (options?.length) return fc.oneof(...options.map((part) => schemaValue(part)));
  if (schema.enum?.length) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const type = [schema.type].flat()[0];
  if (type === "string") return textOf(schema);
  if (type === "integer")
    return fc
      .oneof(fc.constant(1), fc.integer({ min: -5, max: 2 ** 31 - 1 }))
      .map((value) => Math.round(clamp(value, schema)));
  if (type === "number") return fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => clamp(value, schema));
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  if (type === "array")
    return fc.array(schemaValue(schema.items ?? schema.prefixItems?.[0] ?? {}), {
      minLength: Math.min(schema.minItems ?? 0, 3),
      maxLength: 4,
    });
  if (type === "object" && schema.properties) return objectOf(schema);
  return fc.dictionary(fc.string({ maxLength: 5 }), nasty, { maxKeys: 3 });
}

const schemaValue = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: plainOf(schema) }, { weight: 1, arbitrary: nasty });

const asText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

/** A lone surrogate cannot be encoded; it comes as a client of another kind would write it. */
const encoded = (text: string) => (text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80");

function searchOf(parameters: Parameter[]): fc.Arbitrary<string> {
  const parts = parameters
    .filter((parameter) => parameter.in === "query")
    .map(({ name, required, schema }) =>
      fc
        .option(fc.oneof({ weight: 12, arbitrary: plainOf(schema) }, { weight: 1, arbitrary: nastyText }), {
          nil: undefined,
          freq: required ? 20 : 1,
        })
        .map((value) =>
          value === undefined ? [] : [value].flat().map((item) => `${encoded(name)}=${encoded(asText(item))}`),
        ),
    );
  const odd = fc.option(fc.constantFrom("extra=1", "host=1&host=2", "a", "=", "&&", "series=", "__proto__=1"), {
    nil: undefined,
    freq: 1,
  });
  return fc.tuple(fc.tuple(...parts), fc.option(odd, { nil: undefined, freq: 1 })).map(([lists, more]) => {
    const text = [...lists.flat(), ...(more ? [more] : [])].join("&");
    return text === "" ? "" : `?${text}`;
  });
}

const bodyOf = (schema: Schema): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 12, arbitrary: plainOf(schema).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: nasty.map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("", "{", "[".repeat(2_000), '{"a":1}{"b":2}', '"\\ud800"', '{"\\u0000":1}', "nul"),
    },
  );

/** Requests of every operation of a document. */
export function requestsOf(document: OpenApi, ids: string[]): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const schema = operation.requestBody?.content["application/json"]?.schema;
      return fc.record({
        method: fc.constant(method),
        path: fc.constant(path),
        id: fc.oneof(fc.constantFrom(...ids), nastyText),
        search: searchOf(operation.parameters ?? []),
        body: schema ? bodyOf(schema) : fc.constant(undefined),
      });
    }),
  );
  return fc.oneof(...operations);
}
