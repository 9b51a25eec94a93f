import assert from "node:assert/strict";
import { test } from "node:test";
import { legendName } from "#components/expressions/legend.ts";

const line = { name: "sda", labels: { __name__: "disk", host: "a", device: "$&" } };

test("a line is called by the template's labels, without holes where it has none of them", () => {
  assert.equal(legendName(line, "{{ job }} {{host}}  {{device}}"), "a $&");
});

test("without a template, or where it gives nothing, it is called by what tells it from the others", () => {
  assert.equal(legendName(line), "sda");
  assert.equal(legendName(line, "{{instance}}"), "sda");
});
