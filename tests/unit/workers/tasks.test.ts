import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { log } from "#lib/log.ts";
import { runStopSteps } from "../../../workers/stop.ts";
import { repeatTasks, type Task } from "../../../workers/tasks.ts";

const LIMIT_MS = 20;

/** A task that never ends by itself, what it was told, and what the log says of it. */
function hanging(ends: (signal: AbortSignal) => Promise<void>) {
  const errors = mock.method(log, "error", () => undefined);
  const seen = { rounds: 0, signals: [] as AbortSignal[], complaints: () => errors.mock.callCount() };
  const task: Task = {
    name: "hung",
    limitMs: LIMIT_MS,
    pauseMs: () => 1,
    run(signal) {
      seen.rounds++;
      seen.signals.push(signal);
      return ends(signal);
    },
  };
  return { task, seen };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("a task that hangs is told to stop, is named in the log again and again, and never runs twice at once", async () => {
  const stop = new AbortController();
  let release: () => void = () => undefined;
  const { task, seen } = hanging(
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
  );
  let others = 0;
  const other: Task = { name: "other", pauseMs: () => 1, run: async () => void others++ };
  const over = repeatTasks([task, other], stop.signal);
  await until(() => seen.complaints() >= 3);
  assert.equal(seen.rounds, 1, "a second round waits for the end of the first");
  assert.ok(seen.signals[0]?.aborted);
  const before = others;
  await until(() => others > before);
  release();
  await until(() => seen.rounds === 2);
  assert.equal(seen.signals[1]?.aborted, false, "the next round has a limit of its own");
  stop.abort();
  assert.ok(seen.signals[1]?.aborted);
  release();
  await over;
});

test("a task that heeds its limit is tried again", async () => {
  const stop = new AbortController();
  const { task, seen } = hanging(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  const warned = mock.method(log, "warn", () => undefined);
  const over = repeatTasks([task], stop.signal);
  await until(() => warned.mock.callCount() === 1);
  assert.match(JSON.stringify(warned.mock.calls[0]?.arguments), /It takes longer than 0\.02 s/);
  stop.abort();
  await over;
  assert.deepEqual([seen.rounds, seen.complaints()], [1, 1]);
});

test("a stop does not wait for a task that hangs", async () => {
  const stop = new AbortController();
  const { task } = hanging(() => new Promise(() => undefined));
  const over = repeatTasks([task], stop.signal);
  stop.abort();
  let closed = false;
  await runStopSteps(
    [
      { name: "tasks", run: () => over },
      {
        name: "database",
        run: () => {
          closed = true;
        },
        reservedMs: 10,
      },
    ],
    50,
  );
  assert.ok(closed);
});
