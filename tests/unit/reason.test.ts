import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonOf } from "#lib/log.ts";

test("the log names in one line why something failed, whatever was thrown", () => {
  assert.equal(reasonOf(new Error("Invalid `create()` invocation:\n\n  connection refused\n")), "connection refused");
  const noAddressAnswers = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  assert.match(reasonOf(noAddressAnswers), /^ECONNREFUSED: nobody listens .* correct the address$/);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  assert.equal(reasonOf(full), "ENOSPC: no space left on device, write: the disk is full: free some space");
  const long = Object.assign(new Error("x".repeat(1_000)), { code: "EROFS" });
  assert.ok(reasonOf(long).length <= 500 && /another folder$/.test(reasonOf(long)), "the remedy is not cut off");
  assert.equal(reasonOf(new TypeError("")), "TypeError");
  for (const thrown of ["just words", undefined, null]) assert.equal(reasonOf(thrown), String(thrown));
});
