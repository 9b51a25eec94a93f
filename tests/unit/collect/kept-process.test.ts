import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { KeptProcess } from "#lib/collect/kept-process.ts";
import { log } from "#lib/log.ts";

const dir = mkdtempSync(join(tmpdir(), "sightline-kept-"));
const write = (name: string, text: string) => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};
const settle = () => new Promise((resolve) => setImmediate(resolve));
const until = async (holds: () => boolean) => {
  while (!holds()) await settle();
};

test("a process that cannot be started, or ends each time, is started again with longer pauses and never given up", async () => {
  const crashing = write("crashing.js", "process.exit(3)");
  const lasting = write("lasting.js", "process.send({ hello: true }); setInterval(() => undefined, 1000)");
  let starts = 0;
  let hello = false;
  const warned = mock.method(log, "warn", () => undefined);
  mock.timers.enable({ apis: ["setTimeout"] });
  const kept = new KeptProcess({
    name: "test",
    fork() {
      starts++;
      if (starts === 1) return spawn("/nowhere/program");
      if (starts === 2) throw new Error("EAGAIN");
      return fork(starts < 9 ? crashing : lasting);
    },
    onMessage: () => {
      hello = true;
    },
  });
  try {
    kept.start();
    kept.start();
    const pauses: number[] = [];
    for (let n = 1; n <= 8; n++) {
      await until(() => warned.mock.callCount() === n);
      const details = warned.mock.calls[n - 1]?.arguments.at(0) as unknown as { againInMs: number };
      pauses.push(details.againInMs);
      assert.equal(starts, n, "never beside itself");
      mock.timers.tick(details.againInMs);
    }
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    await until(() => hello);
  } finally {
    mock.timers.reset();
    warned.mock.restore();
    await kept.stop();
    rmSync(dir, { recursive: true });
  }
  assert.equal(kept.send({}), false);
});
