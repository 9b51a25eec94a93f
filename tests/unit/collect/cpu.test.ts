import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuReadings, cpuSensor, loadSensor, parseCpuTimes } from "#lib/collect/sensors/cpu.ts";

const stat = (all: string, core = all) => `cpu  ${all}\ncpu0 ${core}\nintr 1 2 3\n`;
const find = (readings: ReturnType<typeof cpuReadings>, metric: string) =>
  readings.find((r) => r.metric === metric)?.value;

test("shares of CPU time come from the ticks between two readings", () => {
  //                     user nice system idle iowait irq softirq steal guest
  const before = parseCpuTimes(stat("100 0 50 800 50 0 0 0 0 0"));
  const now = parseCpuTimes(stat("130 10 60 850 80 5 5 20 30 0"));
  const readings = cpuReadings(now, before);
  assert.equal(find(readings, "cpu.user"), 25);
  assert.equal(find(readings, "cpu.system"), 12.5);
  assert.equal(find(readings, "cpu.iowait"), 18.75);
  assert.equal(find(readings, "cpu.steal"), 12.5);
  assert.equal(find(readings, "cpu.usage"), 50);
});

test("iowait that runs backwards gives 0, never less, and usage never passes 100 %", () => {
  const before = parseCpuTimes(stat("100 0 50 800 50 0 0 0"));
  const now = parseCpuTimes(stat("300 0 50 800 40 0 0 0"));
  const readings = cpuReadings(now, before);
  assert.equal(find(readings, "cpu.iowait"), 0);
  assert.equal(find(readings, "cpu.usage"), 100);
});

test("a core that was switched on since has no share yet", () => {
  const before = parseCpuTimes("cpu  100 0 0 100 0 0 0 0\ncpu0 100 0 0 100 0 0 0 0\n");
  const now = parseCpuTimes("cpu  150 0 0 150 0 0 0 0\ncpu0 125 0 0 125 0 0 0 0\ncpu1 25 0 0 25 0 0 0 0\n");
  const cores = cpuReadings(now, before).filter((r) => r.metric === "cpu.core.usage");
  assert.deepEqual(
    cores.map((r) => [r.labels.core, r.value]),
    [
      ["0", 50],
      ["1", null],
    ],
  );
});

test("this machine's own CPU reads between 0 and 100 %, and its load is a number", async () => {
  const sensor = cpuSensor();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const readings = await sensor.read();
  const usage = readings.find((r) => r.metric === "cpu.usage")?.value ?? -1;
  assert.ok(usage >= 0 && usage <= 100, String(usage));
  assert.equal((await loadSensor().read()).length, 3);
});
