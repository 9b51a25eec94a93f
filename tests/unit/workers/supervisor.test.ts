import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { isRunning } from "#lib/db/embedded/process.ts";
import { WORKER_KILL_MS } from "../../../workers/stop.ts";
import { startWorkers } from "../../../workers/supervisor.ts";

const program = (onTerm: string) => `
  process.on("SIGTERM", () => { ${onTerm} });
  setInterval(() => undefined, 1000);
  require("node:fs").writeFileSync(__filename + ".pid", String(process.pid));
  process.send({ ready: true });`;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test("a worker that does not stop is killed once its time is over; the others are not waited for one by one", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-workers-"));
  const names = ["web", "recorder", "background"];
  for (const name of names) writeFileSync(join(dir, `${name}.js`), program(name === "web" ? "" : "process.exit(0)"));
  const workers = startWorkers(dir, process.env);
  await workers.ready;
  const [hung = 0, ...others] = names.map((name) => Number(readFileSync(join(dir, `${name}.js.pid`), "utf8")));
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const stopped = workers.stop();
    await until(() => !others.some(isRunning));
    mock.timers.tick(WORKER_KILL_MS - 1);
    assert.ok(isRunning(hung), "it has all of its time");
    mock.timers.tick(1);
    await stopped;
    assert.ok(!isRunning(hung));
  } finally {
    mock.timers.reset();
    rmSync(dir, { recursive: true });
  }
});
