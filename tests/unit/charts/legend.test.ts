import assert from "node:assert/strict";
import { test } from "node:test";
import { legendNames } from "#components/expressions/legend.ts";

const labels = (device: string, more = {}) => ({ __name__: "disk", host: "a", device, ...more });

test("lines are called by the template's labels, without holes where one has none", () => {
  assert.deepEqual(legendNames([labels("sda"), labels("sdb", { job: "x" })], "{{ job }} {{device}}"), ["sda", "x sdb"]);
  assert.deepEqual(legendNames([labels("$&")], "{{device}}"), ["$&"]);
});

test("without a template, or where it gives nothing, they are called by what tells them apart", () => {
  assert.deepEqual(legendNames([labels("sda"), labels("sdb")]), ["sda", "sdb"]);
  assert.deepEqual(legendNames([labels("sda"), labels("sdb")], "{{instance}}"), ["sda", "sdb"]);
  assert.deepEqual(legendNames([labels("sda")]), [""]);
  assert.deepEqual(legendNames([{}, { le: "1" }]), ["", "1"]);
  assert.deepEqual(legendNames([]), []);
});
