import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import { bareEndpoint } from "#lib/contract/bones.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";
import { endpointsOf } from "#lib/contract/skeleton.ts";
import { decode, definition, encode } from "#lib/contract/wire.ts";

const LEAVES: Record<string, unknown> = {
  string: "text",
  number: 7,
  boolean: false,
  null: null,
  date: new Date(1_000),
  unknown: { someKey: 1 },
  any: 1,
  never: undefined,
};

/** A value of a schema, with all that may be left out; of a union its n-th option. */
function exampleOf(schema: z.ZodType, n: number): unknown {
  const def = definition(schema);
  const { values, entries } = def as { values?: unknown[]; entries?: Record<string, unknown> };
  const within = (part: z.ZodType | undefined) => exampleOf(part as z.ZodType, n);
  if (def.type === "object")
    return Object.fromEntries(
      Object.entries((schema as z.ZodObject).shape).map(([name, part]) => [name, within(part as z.ZodType)]),
    );
  if (def.type === "array") return [within(def.element), within(def.element)];
  if (def.type === "tuple") return def.items?.map(within);
  if (def.type === "record") return { someKey: within(def.valueType) };
  if (def.type === "union") return within(def.options?.[n % def.options.length]);
  if (def.type === "intersection") return { ...(within(def.left) as object), ...(within(def.right) as object) };
  if (def.type === "pipe") return within(definition(def.out as z.ZodType).type === "transform" ? def.in : def.out);
  if (def.innerType)
    return n % 5 === 4 && def.type !== "default" ? (def.type === "nullable" ? null : undefined) : within(def.innerType);
  if (values ?? entries) return (values ?? Object.values(entries ?? {}))[0];
  assert.ok(def.type in LEAVES, `no example of ${def.type}`);
  return LEAVES[def.type];
}

test("a browser without zod sends and understands the same as the portal, of every endpoint", () => {
  let compared = 0;
  for (const endpoint of ENDPOINTS) {
    const name = `${endpoint.method} ${endpoint.path}`;
    const bare = endpointsOf({ it: JSON.parse(JSON.stringify(bareEndpoint(endpoint))) }).it;
    assert.deepEqual([bare?.method, bare?.path], [endpoint.method, endpoint.path]);
    for (const part of ["query", "body", "response"] as const)
      for (let n = 0; endpoint[part] && n < 12; n++) {
        const [schema, own] = [endpoint[part] as z.ZodType, bare?.[part] as z.ZodType];
        const value = exampleOf(schema, n);
        if (part !== "response") assert.deepEqual(encode(own, value), encode(schema, value), `${name} ${part} ${n}`);
        else {
          const json = JSON.parse(JSON.stringify(encode(schema, value)));
          assert.deepEqual(decode(own, json), decode(schema, json), `${name} ${part} ${n}`);
        }
        compared++;
      }
  }
  assert.ok(compared > 1_000);
});

test("what a browser sends has no more than is described", () => {
  const bare = ENDPOINTS.map(bareEndpoint);
  for (const { path, query } of bare)
    if (query)
      assert.deepEqual(
        encode(endpointsOf({ it: { method: "get", path, query } }).it?.query as z.ZodType, { unheardOf: 1 }),
        {},
        path,
      );
});
