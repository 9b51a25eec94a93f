import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Schedule, type Tick } from "#lib/collect/schedule.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const INTERVAL_MS = 5_000;
const START = Date.UTC(2026, 10, 25, 10);

/** A schedule on clocks that the test moves: time passes for both, a jump is of the machine's clock only. */
async function onClocks(
  start: number,
  run: (world: { ticks: Tick[]; pass(ms: number): Promise<void>; jump(ms: number): void }) => Promise<void>,
  work: (clocks: { wall: number; monotonic: number }, n: number) => void = () => undefined,
): Promise<void> {
  mock.timers.enable({ apis: ["setTimeout"] });
  const clocks = { wall: start, monotonic: 0 };
  const ticks: Tick[] = [];
  const schedule = new Schedule(
    INTERVAL_MS,
    async (tick) => {
      ticks.push(tick);
      work(clocks, ticks.length);
    },
    { now: () => clocks.wall, monotonic: () => clocks.monotonic },
  );
  schedule.start();
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      clocks.wall += 100;
      clocks.monotonic += 100;
      mock.timers.tick(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const jump = (ms: number) => {
    clocks.wall += ms;
  };
  try {
    await run({ ticks, pass, jump });
  } finally {
    schedule.stop();
    mock.timers.reset();
  }
}

for (const [name, jumpMs] of [
  ["set back by an hour", -HOUR_MS],
  ["set back by a second", -1_000],
  ["set back by three intervals and a bit", -16_700],
  ["set forward by an hour", HOUR_MS],
  ["set forward by twenty years", 20 * 365 * DAY_MS],
  ["set from now to 1970", -START],
] as const) {
  test(`a clock that is ${name} is followed within two intervals, and no cycle counts as missed`, () =>
    onClocks(START, async ({ ticks, pass, jump }) => {
      await pass(12_000);
      assert.deepEqual(
        ticks.map(({ at }) => at - START),
        [5_000, 10_000],
      );
      jump(jumpMs);
      await pass(2 * INTERVAL_MS);
      assert.ok(ticks.length >= 3, "it goes on");
      await pass(MINUTE_MS);
      const now = START + 12_000 + jumpMs + 2 * INTERVAL_MS + MINUTE_MS;
      const last = ticks.at(-1) as Tick;
      assert.ok(last.at <= now && now - last.at <= INTERVAL_MS, `${now - last.at} ms away from the clock`);
      assert.equal(last.missed, 0);
      assert.ok(ticks.every(({ at }) => at % INTERVAL_MS === 0));
      assert.ok(ticks.length >= 13, `${ticks.length} cycles in 82 s`);
    }));
}

test("a machine that starts in 1970 and learns the time, and one that sleeps for eight hours, miss nothing", () =>
  onClocks(0, async ({ ticks, pass, jump }) => {
    await pass(11_000);
    jump(START);
    await pass(11_000);
    jump(8 * HOUR_MS);
    await pass(11_000);
    assert.equal(ticks.at(-1)?.missed, 0);
  }));

test("a clock that is set while a cycle runs is followed too", () =>
  onClocks(
    START,
    async ({ ticks, pass }) => {
      await pass(30_000);
      assert.ok(ticks.length >= 5);
      assert.ok((ticks.at(-1) as Tick).at < START - HOUR_MS + MINUTE_MS);
      assert.equal(ticks.at(-1)?.missed, 0);
    },
    (clocks, n) => {
      if (n === 2) clocks.wall -= HOUR_MS;
    },
  ));

test("what a stalled process fails to collect counts as missed, also when the clock jumps meanwhile", () =>
  onClocks(
    START,
    async ({ ticks, pass }) => {
      await pass(60_000);
      assert.equal(ticks.at(-1)?.missed, 4);
    },
    (clocks, n) => {
      // 22 s of work, in which the clock gains a day: four of its instants passed while it ran.
      if (n !== 2) return;
      clocks.monotonic += 22_000;
      clocks.wall += 22_000 + DAY_MS;
    },
  ));
