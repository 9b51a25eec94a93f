import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { GUIDES, readGuide } from "#lib/help/guides.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

test("every guide in docs/ is in the app's Help, with a title, and links only to what there is", async () => {
  const onDisk = globSync("docs/*.md", { cwd: ROOT }).map((file) => basename(file, ".md"));
  assert.deepEqual(onDisk.sort(), Object.keys(GUIDES).sort());
  for (const name of onDisk) {
    const { title, text } = await readGuide(name, ROOT);
    assert.ok(title.length > 2 && !text.startsWith("# "), name);
    for (const [, file = ""] of text.matchAll(/\]\(([a-z./-]+\.md)(?:#[^)]*)?\)/g))
      assert.ok(existsSync(join(ROOT, "docs", file)), `${name} links to ${file}`);
  }
});

test("what is no guide is not found, whatever its name leads to", async () => {
  for (const name of ["nothing", "../README", "constructor"])
    await assert.rejects(readGuide(name, ROOT), /There is no guide/);
});
