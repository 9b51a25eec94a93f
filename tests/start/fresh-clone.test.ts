import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { startPortal } from "../support/portal.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const LARGEST_MB = 650;

const dir = mkdtempSync(join(tmpdir(), "sightline-clone-"));
const clone = join(dir, "clone");

after(() => rmSync(dir, { recursive: true, force: true }));

/** What a clone of this commit would hold, and what is not committed yet. */
function cloneSources(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of listed.toString().split("\0"))
    if (file !== "" && existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(clone, file));
}

function sizeMb(...folders: string[]): number {
  const listed = execFileSync("du", ["-sm", ...folders.map((folder) => join(clone, folder))]).toString();
  return listed
    .trim()
    .split("\n")
    .reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}

test("a fresh clone installs, builds and starts by `npm start`, in 650 MB", { timeout: 10 * MINUTE_MS }, async () => {
  cloneSources();
  const portal = await startPortal(join(dir, "data"), {}, clone);
  try {
    assert.doesNotMatch(portal.output(), /Bun could not/);
    assert.equal((await fetch(`${portal.url}/api/v1/health`)).status, 200);
    const page = await fetch(`${portal.url}/setup`);
    assert.equal(page.status, 200);
    const [, script] = /<script src="([^"]+)"/.exec(await page.text()) ?? [];
    assert.equal((await fetch(new URL(String(script), portal.url))).status, 200, `the page's script ${script}`);
    const size = sizeMb("node_modules", ".next", "dist", "lib/db/generated");
    assert.ok(size <= LARGEST_MB, `${size} MB`);
  } finally {
    await portal.stop();
  }
});
