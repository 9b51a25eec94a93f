import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonOf } from "#lib/log.ts";

test("the log names in one line why something failed, whatever was thrown", () => {
  assert.equal(reasonOf(new Error("Invalid `create()` invocation:\n\n  connection refused\n")), "connection refused");
  const noAddressAnswers = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  assert.equal(reasonOf(noAddressAnswers), "ECONNREFUSED");
  assert.equal(reasonOf(new TypeError("")), "TypeError");
  for (const thrown of ["just words", undefined, null]) assert.equal(reasonOf(thrown), String(thrown));
});
