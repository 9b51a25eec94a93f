import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** What git says has changed there since the last commit. */
const changed = (path: string): string =>
  execFileSync("git", ["status", "--porcelain", "--", path], { cwd: ROOT, encoding: "utf8" });

const skip = existsSync(join(ROOT, ".git")) ? false : "no repository";

test("whoever starts the portal from a clone gets the database client of its schema", { skip }, () => {
  // While the schema itself is being changed nobody has committed its client yet.
  if (changed("prisma/schema.prisma") === "") assert.equal(changed("lib/db/generated"), "");
});
