import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";

const PROGRAM = join(import.meta.dirname, "..", "..", "support", "stopping-worker.ts");

/** What a worker does from when it is ready until its end, and how it ends. */
async function stopped(
  by: (worker: ChildProcess) => void,
): Promise<{ steps: string[]; code: number; signal: unknown }> {
  const worker = fork(PROGRAM, { silent: true });
  const output = text(worker.stdout as Readable);
  await once(worker, "message");
  const ended = once(worker, "exit");
  by(worker);
  const [code, signal] = await ended;
  return { steps: (await output).split("\n").filter((line) => /^\w+$/.test(line)), code, signal };
}

const ONCE = ["begun", "slow", "last"];

test("a worker stops in order by whichever signal a terminal, a shell or the supervisor sends", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    assert.deepEqual(await stopped((worker) => worker.kill(signal)), { steps: ONCE, code: 0, signal: null }, signal);
});

test("a worker that Ctrl-C reaches and the supervisor asks as well stops once", async () => {
  const both = (worker: ChildProcess) => {
    worker.kill("SIGINT");
    worker.kill("SIGTERM");
    setTimeout(() => worker.kill("SIGINT"), 50);
  };
  assert.deepEqual(await stopped(both), { steps: ONCE, code: 0, signal: null });
});

test("a worker whose supervisor is gone stops too", async () => {
  assert.deepEqual(await stopped((worker) => worker.disconnect()), { steps: ONCE, code: 1, signal: null });
});
