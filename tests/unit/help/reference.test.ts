import assert from "node:assert/strict";
import { test } from "node:test";
import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { curlOf, type Operation, operationAt, operationsOf, schemasOf } from "#components/help/operations.ts";
import { noteOf, type Schema, schemaRows, typeText } from "#components/help/schema-rows.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";

const DOCUMENT = openapiDocument("1");

test("the reference has every operation of the API, each with what it takes and answers in words", () => {
  const operations = operationsOf(DOCUMENT);
  assert.deepEqual(
    operations.map(({ method, path }) => `${method} ${path}`).sort(),
    ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort(),
  );
  for (const { method, path, summary, tag } of operations) {
    const operation = operationAt(DOCUMENT, method, path) as Operation;
    const { body, answer, status } = schemasOf(operation);
    assert.ok(summary && tag && /^2\d\d$/.test(status), path);
    for (const schema of [body, answer])
      for (const { name, type } of schema ? schemaRows(schema) : [])
        assert.ok(name && type, `${method} ${path} ${name}`);
    assert.match(curlOf(method, path, operation, "https://x.example/api/v1"), /^curl .*https:\/\/x\.example/);
  }
});

test("an address that names no operation finds none, whatever it names", () => {
  for (const [method, path] of [
    ["get", "/nothing"],
    ["trace", "/alerts"],
    ["constructor", "/alerts"],
    ["get", "__proto__"],
    ["get", "constructor"],
    ["parameters", "/alerts"],
  ] as const)
    assert.equal(operationAt(DOCUMENT, method, path), undefined, `${method} ${path}`);
});

test("types read as words: choices, lists, what may be null, and objects of anything", () => {
  assert.equal(typeText({ anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] }), "instant or null");
  assert.equal(typeText({ type: "array", items: { enum: ["a", "b"] } }), 'list of "a", "b"');
  assert.equal(typeText({ type: "object", additionalProperties: { type: "number" } }), "object of number");
  assert.equal(typeText({ type: ["string", "null"] }), "text or null");
  assert.equal(typeText({ const: 1 }), "1");
  assert.equal(typeText({}), "anything");
  assert.equal(noteOf({ minimum: -Number.MAX_SAFE_INTEGER, maximum: 5 }), "At most 5");
  assert.equal(noteOf({ description: "How many", default: 0, minimum: 0, maximum: 9 }), "How many. Default 0. 0 to 9");
});

test("a schema within itself ends, and fields that variants share stand once", () => {
  const tree: { properties: Record<string, object> } = { properties: {} };
  tree.properties.child = tree;
  assert.ok(schemaRows(tree).length < 10);
  const variants: Schema = {
    anyOf: [{ properties: { kind: { const: "a" } } }, { properties: { kind: { const: "b" }, x: {} } }],
  };
  assert.deepEqual(
    schemaRows(variants).map(({ name, type }) => `${name} ${type}`),
    ['kind "a" or "b"', "x anything"],
  );
});
