import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isRunning } from "#lib/db/embedded/process.ts";
import { ScraperProcess } from "../../../workers/scraper-process.ts";
import { eventually } from "../../support/eventually.ts";

test("the scraper runs while it is needed, again after a crash, and ends when it was not needed for a while or all stops", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-scraper-"));
  const [program, starts] = [join(dir, "scraper.js"), join(dir, "starts")];
  writeFileSync(starts, "");
  writeFileSync(
    program,
    `process.on("SIGTERM", () => process.exit(0));
    setInterval(() => undefined, 1000);
    require("node:fs").appendFileSync(${JSON.stringify(starts)}, process.pid + "\\n");`,
  );
  const pids = () => readFileSync(starts, "utf8").trim().split("\n").filter(Boolean).map(Number);
  const [lingerMs, pauseMs] = [200, 10];
  const scraper = new ScraperProcess(program, { lingerMs, pauseMs });
  const runs = (isNeeded: boolean, holds: () => boolean) =>
    eventually(() => {
      scraper.follow(isNeeded);
      return holds();
    }, 20);
  try {
    scraper.follow(false);
    await runs(true, () => pids().length === 1);
    const [first = 0] = pids();
    process.kill(first, "SIGKILL");
    await runs(true, () => pids().length === 2);
    const [, second = 0] = pids();
    scraper.follow(false);
    assert.ok(isRunning(second), "it lingers");
    await runs(false, () => !isRunning(second));
    await runs(true, () => pids().length === 3);
    await scraper.stop();
    assert.ok(!isRunning(pids()[2] ?? 0));
  } finally {
    await scraper.stop();
    rmSync(dir, { recursive: true });
  }
});
