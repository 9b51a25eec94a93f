import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { Prober, proberAt } from "#lib/collect/prober.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { parseStat } from "#lib/collect/processes/stat.ts";
import { diskSensor, parseDiskstats } from "#lib/collect/sensors/disks.ts";
import { filesystemSensor } from "#lib/collect/sensors/filesystems.ts";
import { hostSensors } from "#lib/collect/sensors/index.ts";
import { memorySensor } from "#lib/collect/sensors/memory.ts";
import { processSensor } from "#lib/collect/sensors/processes.ts";
import { parseMemory, selfSensor } from "#lib/collect/sensors/self.ts";
import { temperatureSensor } from "#lib/collect/sensors/temperature.ts";
import type { Reading } from "#lib/metrics/frame.ts";

const prober = new Prober(proberAt(join(import.meta.dirname, "..", "..", "..", "workers", "prober.ts")));
after(() => prober.stop());

const find = (readings: Reading[], metric: string, label?: string) =>
  readings.find((r) => r.metric === metric && (label === undefined || Object.values(r.labels).includes(label)))?.value;

test("whole disks are read in bytes; partitions, loop devices and stacked devices are not counted twice", () => {
  const disks = parseDiskstats(
    [
      "   8       0 sda 100 0 2000 10 50 0 400 20 0 1234 30 0 0 0 0",
      "   8       1 sda1 90 0 1900 10 50 0 400 20 0 1200 30 0 0 0 0",
      "   7       0 loop0 1 0 1 0 0 0 0 0 0 0 0",
      " 253       0 dm-0 1 0 1 0 0 0 0 0 0 0 0",
      " 259       0 nvme0n1 7 0 8 0 9 0 10 0 0 11 0",
      " 259       1 nvme0n1p1 7 0 8 0 9 0 10 0 0 11 0",
      "",
    ].join("\n"),
    "/nowhere",
  );
  assert.deepEqual([...disks.keys()], ["sda", "nvme0n1"]);
  assert.deepEqual(disks.get("sda"), {
    reads: 100,
    readBytes: 1_024_000,
    writes: 50,
    writeBytes: 204_800,
    busyMs: 1234,
  });
});

test("a process's state is found behind a command with brackets and spaces in its name", () => {
  assert.equal(parseStat("42 (tmux: (server) x) S 1 42")?.state, "sleeping");
  assert.equal(parseStat("43 (kworker/0:1) I 2 0")?.state, "idle");
  assert.equal(parseStat("44 (gone) Z 2 0")?.state, "zombie");
});

test("processes of this machine are counted, and their states add up to them", async () => {
  const readings = await processSensor(new ProcessWatch()).read();
  const total = find(readings, "process.count") ?? 0;
  const states = readings.filter((r) => r.metric === "process.state").reduce((sum, r) => sum + (r.value ?? 0), 0);
  assert.ok(total > 1);
  assert.equal(states, total);
});

test("memory and file systems of this machine add up", async () => {
  const memory = await memorySensor().read();
  assert.equal(
    (find(memory, "memory.used") ?? 0) + (find(memory, "memory.available") ?? 0),
    find(memory, "memory.total"),
  );
  const disks = await filesystemSensor(1_000, prober).read();
  const root = find(disks, "disk.usage", "/") ?? -1;
  assert.ok(root > 0 && root <= 100, String(root));
});

test("a disk's busy share needs two readings and stays within 100 %", async () => {
  const sensor = diskSensor();
  assert.ok((await sensor.read()).filter((r) => r.metric === "disk.busy").every((r) => r.value === null));
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (const { value } of (await sensor.read()).filter((r) => r.metric === "disk.busy")) {
    assert.ok(value !== null && value >= 0 && value <= 100);
  }
});

test("the collector reports its own memory in bytes and its CPU in percent", async () => {
  const memory = parseMemory("Rss:  100 kB\nPrivate_Clean:  10 kB\nPrivate_Dirty:  20 kB\n");
  assert.deepEqual(memory, { resident: 102_400, private: 30_720 });
  const readings = await selfSensor().read();
  assert.ok((find(readings, "collector.memory.resident") ?? 0) > 10_000_000);
});

test("temperatures are read rarely, and a machine without any gives none", async () => {
  let calls = 0;
  const none = temperatureSensor(async () => {
    calls += 1;
    return [];
  });
  assert.deepEqual([await none.read(), await none.read()], [[], []]);
  assert.equal(calls, 1);
  const warm = temperatureSensor(async () => [
    { sensor: "cpu", celsius: 51.5 },
    { sensor: "core 0", celsius: 50 },
    { sensor: "core 1", celsius: 53 },
  ]);
  assert.deepEqual(
    (await warm.read()).map((r) => [r.labels.sensor, r.value]),
    [
      ["cpu", 51.5],
      ["core 0", 50],
      ["core 1", 53],
    ],
  );
});

test("no two sensors of a host give the same series", async () => {
  const readings = (await Promise.all(hostSensors(1_000, prober).map((sensor) => sensor.read()))).flat();
  const names = readings.map((r) => `${r.metric} ${JSON.stringify(r.labels)}`);
  assert.equal(new Set(names).size, names.length);
});
