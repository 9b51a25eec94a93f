import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { originalStack } from "#lib/log/original-stack.ts";

test("an error of a built program is told of by the lines of its sources", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-stack-"));
  try {
    mkdirSync(join(dir, "lib"));
    const source = join(dir, "lib", "broken.ts");
    writeFileSync(
      source,
      "// a line\ntype Text = string;\nexport function fail(why: Text): never {\n  throw new Error(why);\n}\n",
    );
    const outfile = join(dir, "built.mjs");
    await build({ entryPoints: [source], outfile, bundle: true, format: "esm", sourcemap: true, minify: true });
    const { fail } = (await import(pathToFileURL(outfile).href)) as { fail: (why: string) => never };
    let stack = "";
    try {
      fail("broken");
    } catch (error) {
      stack = (error as Error).stack ?? "";
    }
    assert.match(stack, /built\.mjs:\d+:\d+/);
    assert.match(originalStack(stack), /lib\/broken\.ts:4:9\b/);
    const [first] = stack.split("\n");
    assert.ok(originalStack(stack).startsWith(first as string), "what is the matter stays");
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("what has no map, or a broken one, is told of as it is", () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-stack-"));
  writeFileSync(join(dir, "odd.js.map"), "{");
  for (const text of [
    "",
    "no stack",
    `Error: x\n    at f (${dir}/odd.js:1:1)\n    at /none/there.js:9:9`,
    "at node:fs:1:2",
  ])
    assert.equal(originalStack(text), text);
  rmSync(dir, { recursive: true });
});
