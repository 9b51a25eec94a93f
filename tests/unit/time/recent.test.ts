import assert from "node:assert/strict";
import { test } from "node:test";
import { recently } from "#lib/time/recent.ts";

test("what was just read is not read again, of whichever source; what failed is, and what is old", async () => {
  let reads = 0;
  let fails = false;
  const read = recently(async (source: string) => {
    reads += 1;
    if (fails) throw new Error("away");
    return `${source} ${reads}`;
  }, 60);
  assert.deepEqual(await Promise.all([read("a"), read("a")]), ["a 1", "a 1"]);
  assert.equal(await read("b"), "b 2");
  await new Promise((resolve) => setTimeout(resolve, 80));
  fails = true;
  await assert.rejects(read("b"), /away/);
  fails = false;
  assert.equal(await read("b"), "b 4");
});
