import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { parseWire } from "#lib/contract/parse-wire.ts";
import { decode, encode } from "#lib/contract/wire.ts";
import { wireSchema } from "#lib/contract/wire-schema.ts";

const minutes = z.codec(z.string().regex(/^\d+m$/), z.number(), {
  decode: (text) => Number(text.slice(0, -1)),
  encode: (number) => `${number}m`,
});

const answer = z.object({
  hostId: z.number(),
  cpu_usage: z.number().nullable(),
  lastSampleAt: z.date().nullable(),
  labels: z.record(z.string(), z.string()),
  byHost: z.record(z.string(), z.object({ firstSeen: z.date() })),
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
  pairs: z.array(z.tuple([z.date(), z.object({ minValue: z.number() })])),
  length: minutes.optional(),
  result: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("ab"), meanDiff: z.number() }),
    z.object({ kind: z.literal("hosts"), hostIds: z.array(z.number()) }),
  ]),
  shown: z.union([z.string(), z.object({ unitName: z.string() }), z.array(z.object({ unitName: z.string() }))]),
});

const example: z.output<typeof answer> = {
  hostId: 1,
  cpu_usage: null,
  lastSampleAt: new Date(0),
  labels: { deviceName: "sda" },
  byHost: { webOne: { firstSeen: new Date(5) } },
  points: [[1, null]],
  pairs: [[new Date(7), { minValue: 3 }]],
  length: 90,
  result: { kind: "hosts", hostIds: [1] },
  shown: [{ unitName: "ms" }],
};

const wire = {
  host_id: 1,
  cpu_usage: null,
  last_sample_at: "1970-01-01T00:00:00.000Z",
  labels: { deviceName: "sda" },
  by_host: { webOne: { first_seen: "1970-01-01T00:00:00.005Z" } },
  points: [[1, null]],
  pairs: [["1970-01-01T00:00:00.007Z", { min_value: 3 }]],
  length: "90m",
  result: { kind: "hosts", host_ids: [1] },
  shown: [{ unit_name: "ms" }],
};

test("JSON has snake_case keys and ISO instants; keys that are data are left as they are", () => {
  assert.deepEqual(encode(answer, example), wire);
  assert.deepEqual(decode(answer, JSON.parse(JSON.stringify(wire))), example);
});

test("an answer has only what is described: nothing that was not meant to go out does", () => {
  const leaky = { ...example, passwordHash: "x", result: { ...example.result, secret: "y" } };
  assert.deepEqual(encode(answer, leaky), wire);
});

test("whatever the value, decoding what was encoded gives it back", () => {
  const date = fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
  const value = fc.record({
    hostId: fc.integer(),
    cpu_usage: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    lastSampleAt: fc.option(date),
    labels: fc.dictionary(key, fc.string(), { noNullPrototype: true }),
    byHost: fc.dictionary(key, fc.record({ firstSeen: date }), { noNullPrototype: true }),
    points: fc.array(fc.tuple(fc.integer(), fc.option(fc.integer()))),
    pairs: fc.array(fc.tuple(date, fc.record({ minValue: fc.integer() }))),
    length: fc.nat(),
    result: fc.oneof(
      fc.record({ kind: fc.constant("ab" as const), meanDiff: fc.integer() }),
      fc.record({ kind: fc.constant("hosts" as const), hostIds: fc.array(fc.integer()) }),
    ),
    shown: fc.oneof(fc.string(), fc.record({ unitName: fc.string() }), fc.array(fc.record({ unitName: fc.string() }))),
  });
  fc.assert(
    fc.property(value, (given) => {
      const json = JSON.parse(JSON.stringify(encode(answer, given)));
      assert.deepEqual(JSON.stringify(decode(answer, json)), JSON.stringify(given));
      assert.ok(wireSchema(answer).safeParse(json).success);
    }),
  );
});

const body = z.strictObject({
  minEffect: z.number().positive(),
  plan: z.strictObject({ maxDays: z.coerce.number().max(90).default(14), startAt: z.date().optional() }),
  attributes: z.record(z.string(), z.number()),
});

const refusal = (json: unknown): [string, string][] => {
  try {
    parseWire(body, json);
    return [];
  } catch (error) {
    return (error as z.ZodError).issues.map(({ path, message }) => [path.join("."), message]);
  }
};

test("a body in the wire's names is taken, with its defaults and instants", () => {
  const json = { min_effect: 1, plan: { start_at: "2026-11-25T08:00:00Z" }, attributes: { pageViews: 2 } };
  assert.deepEqual(parseWire(body, json), {
    minEffect: 1,
    plan: { maxDays: 14, startAt: new Date("2026-11-25T08:00:00Z") },
    attributes: { pageViews: 2 },
  });
});

test("what is wrong in a body is named as it is spelt on the wire", () => {
  const good = { min_effect: 1, plan: {}, attributes: {} };
  assert.equal(refusal({ ...good, min_effect: -1 })[0]?.[0], "min_effect");
  assert.equal(refusal({ ...good, plan: { max_days: 91 } })[0]?.[0], "plan.max_days");
  assert.equal(refusal({ ...good, plan: { start_at: "tomorrow" } })[0]?.[0], "plan.start_at");
  assert.equal(refusal({ ...good, attributes: { pageViews: "x" } })[0]?.[0], "attributes.pageViews");
  assert.deepEqual(refusal({ ...good, minEffect: 2 }), [["", 'Unrecognized key: "minEffect"']]);
  for (const json of [null, [], "text", 1]) assert.equal(refusal(json).length, 1);
});

test("the described JSON is the wire's, with its descriptions, and the same schema where nothing differs", () => {
  const schema = z.object({ stepMs: z.number().describe("ms"), sentAt: z.date().describe("when") });
  const { properties } = z.toJSONSchema(wireSchema(schema)) as { properties: Record<string, { description: string }> };
  assert.deepEqual(Object.keys(properties), ["step_ms", "sent_at"]);
  assert.deepEqual([properties.step_ms?.description, properties.sent_at?.description], ["ms", "when"]);
  const plain = z.object({ name: z.string(), labels: z.record(z.string(), z.string()) });
  assert.equal(wireSchema(plain), plain);
});

test("fields that hide behind __proto__ are refused by that name", () => {
  const body = z.strictObject({
    retired: z.boolean().optional(),
    host: z.strictObject({ name: z.string().optional() }).optional(),
  });
  const { host, retired } = parseWire(body, JSON.parse('{"retired": true, "host": {"name": "a"}}')) as z.output<
    typeof body
  >;
  assert.deepEqual([host, retired], [{ name: "a" }, true]);
  for (const text of ['{"__proto__": {"retired": true}}', '{"host": {"__proto__": {"name": "a"}}}'])
    assert.throws(() => parseWire(body, JSON.parse(text)), /__proto__/);
});
