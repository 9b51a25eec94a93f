import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { runStopSteps, WORKER_KILL_MS, WORKER_STOP_MS } from "../../../workers/stop.ts";

const never = () => new Promise<never>(() => undefined);
/** Lets what was resolved go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a step of stopping that fails, at once or later, or is no error at all, stops no other", async () => {
  const ran: string[] = [];
  await runStopSteps(
    [
      {
        name: "throws",
        run: () => {
          throw undefined;
        },
      },
      { name: "rejects", run: () => Promise.reject(new Error("the database is away")) },
      { name: "slow", run: () => settle().then(() => ran.push("slow")) },
      { name: "last", run: () => ran.push("last") },
    ],
    5_000,
  );
  assert.deepEqual(ran, ["slow", "last"], "in order, each after the one before");
});

test("steps that hang leave each other their time, and all of them end before the supervisor kills", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const begun: string[] = [];
    let ended = false;
    const hang = (name: string, reservedMs?: number) => ({
      name,
      run: () => {
        begun.push(name);
        return never();
      },
      ...(reservedMs ? { reservedMs } : {}),
    });
    const all = [hang("first"), hang("frames", 6_000), hang("last")];
    void runStopSteps(all, WORKER_STOP_MS).then(() => {
      ended = true;
    });
    const left = async (ms: number) => {
      mock.timers.tick(ms);
      await settle();
      return begun.at(-1);
    };
    assert.equal(await left(2_499), "first");
    assert.equal(await left(1), "frames");
    assert.equal(await left(5_999), "frames", "it has what is reserved for it, whatever the first took");
    assert.equal(await left(1), "last");
    assert.equal(ended, false);
    await left(WORKER_STOP_MS - 8_500);
    assert.equal(ended, true);
    assert.ok(WORKER_STOP_MS < WORKER_KILL_MS);
  } finally {
    mock.timers.reset();
  }
});
