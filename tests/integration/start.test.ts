import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "#lib/db/embedded/port.ts";
import { processesIn } from "#lib/db/embedded/process.ts";
import { runScript } from "../support/portal.ts";

test("Ctrl-C while PostgreSQL is on its way up leaves neither a server nor a lock behind", {
  timeout: 60_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-start-"));
  try {
    const env = { DATA_DIR: dir, PORT: String(await freePort()) };
    const { child, ended, output } = runScript(["start"], env);
    while (!existsSync(join(dir, "postgres", "postmaster.pid")) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    assert.equal((await ended).code, 0, output());
    assert.ok(existsSync(join(dir, "postgres-password")), "it had begun");
    assert.ok(!existsSync(join(dir, "sightline.pid")));
    assert.deepEqual(processesIn(join(dir, "postgres")), []);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
