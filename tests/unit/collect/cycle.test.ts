import assert from "node:assert/strict";
import { test } from "node:test";
import { startCollector } from "#lib/collect/collector.ts";
import { Cycle } from "#lib/collect/cycle.ts";
import { nextInstant, Schedule, type Tick } from "#lib/collect/schedule.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const good: Sensor = { name: "good", read: () => [reading("cpu.usage", 12)] };

test("a sensor that fails loses its own series for that cycle and nothing else", async () => {
  let broken = false;
  const flaky: Sensor = {
    name: "flaky",
    read() {
      if (broken) throw new Error("no such device");
      return [reading("memory.usage", 40)];
    },
  };
  const cycle = new Cycle([flaky, good], 500);
  const find = (readings: Awaited<ReturnType<Cycle["run"]>>, metric: string) =>
    readings.find((r) => r.metric === metric)?.value;
  const first = await cycle.run();
  broken = true;
  const second = await cycle.run();
  broken = false;
  const third = await cycle.run();
  assert.deepEqual(
    [first, second, third].map((r) => find(r, "memory.usage")),
    [40, null, 40],
  );
  assert.deepEqual(
    [first, second, third].map((r) => find(r, "cpu.usage")),
    [12, 12, 12],
  );
  assert.equal(second.length, first.length, "the shape of the frame does not change");
  assert.equal(third.find((r) => r.labels.sensor === "flaky")?.value, 1);
});

test("a sensor that hangs is cut off, and is not asked again while it hangs", async () => {
  let calls = 0;
  let release = () => {};
  const hanging: Sensor = {
    name: "hanging",
    read() {
      calls += 1;
      return new Promise((resolve) => {
        release = () => resolve([reading("memory.usage", 1)]);
      });
    },
  };
  const cycle = new Cycle([hanging, good], 20);
  const began = performance.now();
  await cycle.run();
  const readings = await cycle.run();
  assert.ok(performance.now() - began < 500);
  assert.equal(calls, 1);
  assert.equal(readings.find((r) => r.metric === "cpu.usage")?.value, 12);
  release();
  await sleep(1);
  void cycle.run();
  await sleep(1);
  assert.equal(calls, 2);
  release();
});

test("instants are whole multiples of the interval, so that hosts agree on them", () => {
  assert.equal(nextInstant(12_001, 5_000), 15_000);
  assert.equal(nextInstant(15_000, 5_000), 20_000);
});

test("a schedule does not drift, and skips and counts what a slow cycle misses", async () => {
  const ticks: Tick[] = [];
  const schedule = new Schedule(40, async (tick) => {
    ticks.push(tick);
    if (ticks.length === 3) await sleep(100);
  });
  schedule.start();
  while (ticks.length < 6) await sleep(10);
  schedule.stop();
  assert.ok(ticks.every((tick) => tick.at % 40 === 0));
  const [, , third, fourth] = ticks as [Tick, Tick, Tick, Tick];
  assert.ok(fourth.at - third.at >= 80, "the instants that passed meanwhile were skipped");
  assert.equal(fourth.missed, (fourth.at - third.at) / 40 - 1);
});

test("a changed interval holds from the next instant on", async () => {
  const ticks: Tick[] = [];
  const schedule = new Schedule(HOUR_MS, async (tick) => void ticks.push(tick));
  schedule.start();
  schedule.change(20);
  await sleep(150);
  schedule.stop();
  assert.ok(ticks.length >= 3);
  assert.equal(schedule.intervalMs, 20);
});

test("a collector hands on frames that tell of themselves", async () => {
  const frames: Frame[] = [];
  const schedule = startCollector({
    source: { kind: "host", name: "" },
    sensors: [good],
    intervalMs: 30,
    emit: (frame) => void frames.push(frame),
    describesItself: true,
  });
  while (frames.length < 2) await sleep(10);
  schedule.stop();
  const [frame] = frames as [Frame];
  assert.equal(frame.intervalMs, 30);
  assert.equal(frame.at % 30, 0);
  const metrics = frame.readings.map((r) => r.metric);
  assert.deepEqual(metrics, [
    "cpu.usage",
    "collector.failures",
    "collector.cycle",
    "collector.lag",
    "collector.missed",
  ]);
});
