import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Cycle } from "#lib/collect/cycle.ts";
import { parseMounts } from "#lib/collect/mounts.ts";
import { Prober, proberAt } from "#lib/collect/prober.ts";
import { readTemperatures } from "#lib/collect/probes/temperatures.ts";
import { filesystemSensor } from "#lib/collect/sensors/filesystems.ts";
import { hostSensors } from "#lib/collect/sensors/index.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { closingAfter } from "../../support/closing.ts";
import { eventually } from "../../support/eventually.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PROBER = join(ROOT, "workers", "prober.ts");
const closing = closingAfter();
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-proc-"));
  closing.push(() => rmSync(dir, { recursive: true }));
  return dir;
};
const openProber = (program = PROBER, silentMs?: number) => {
  const prober = new Prober(proberAt(program), silentMs);
  closing.push(() => {
    const stopped = prober.stop();
    prober.kill();
    return stopped;
  });
  return prober;
};
const until = (holds: () => boolean | Promise<boolean>) => eventually(holds, 15);
const find = (readings: Reading[], metric: string, label?: string) =>
  readings.find((r) => r.metric === metric && (label === undefined || Object.values(r.labels).includes(label)))?.value;

/** The kernel's tables as files that a test may spoil. */
function copyProc(): string {
  const dir = folder();
  for (const name of ["stat", "meminfo", "diskstats", "net/dev", "self/mountinfo", "self/smaps_rollup"]) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), readFileSync(join("/proc", name)));
  }
  cpSync("/proc/1/stat", join(dir, "1", "stat"), { recursive: true });
  return dir;
}

const TABLES: [string, string, string][] = [
  ["stat", "cpu.usage", "cpu"],
  ["meminfo", "memory.total", "memory"],
  ["diskstats", "disk.read.bytes", "disks"],
  ["net/dev", "network.receive.bytes", "network"],
  ["self/mountinfo", "disk.total", "filesystems"],
  ["self/smaps_rollup", "collector.memory.private", "self"],
];
for (const [table, metric, sensor] of TABLES)
  for (const spoil of ["is missing", "is a folder", "is empty"])
    test(`a /proc/${table} that ${spoil} at the start costs its own series, and they come once it is there`, async () => {
      const proc = copyProc();
      const content = readFileSync(join(proc, table));
      rmSync(join(proc, table));
      if (spoil === "is a folder") mkdirSync(join(proc, table));
      if (spoil === "is empty") writeFileSync(join(proc, table), "");
      const prober = openProber();
      await prober.ask("filesystem", "/", 5_000);
      const cycle = new Cycle(hostSensors(2_000, prober, { proc, sys: "/sys" }), 2_000);
      const readings = await cycle.run();
      assert.ok(!find(readings, metric), `${metric} ${find(readings, metric)}`);
      for (const [, other, name] of TABLES)
        if (name !== sensor && other !== "cpu.usage" && find(readings, other) === undefined)
          assert.fail(`${other} went with ${metric}`);
      if (spoil === "is empty") return;
      rmSync(join(proc, table), { recursive: true, force: true });
      writeFileSync(join(proc, table), content);
      await cycle.run();
      const again = await cycle.run();
      assert.notEqual(find(again, metric), undefined, "it is tried again");
      assert.ok((find(again, "collector.failures", sensor) ?? 0) > 0);
    });

const mountLine = (n: number, mount: string, type = "ext4") =>
  `${n} 1 8:${n} / ${mount} rw,relatime - ${type} /dev/sd${n} rw`;

/** Lets go whoever waits at a pipe. Where nobody does yet, opening it would wait for them, and they for us. */
function release(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENXIO");
  }
}

test("a dead file system loses its own values only, is asked once, and comes back; its neighbours and memory go on", async () => {
  const dir = folder();
  const proc = copyProc();
  const mounts = ["/", "/a", "/b", "/c", "/d", "/dead-1", "/dead-2", "/dead-3", "/dead-4", "/dead-5", "/dead-6"];
  writeFileSync(
    join(proc, "self", "mountinfo"),
    `${mounts.map((mount, n) => mountLine(n, mount, "nfs4")).join("\n")}\n`,
  );
  const dead = mounts.filter((mount) => mount.startsWith("/dead"));
  const path = process.env.PATH;
  const prober = openProber(join(ROOT, "tests", "support", "dead-mount-prober.ts"));
  // Alive at first, so that their series are there.
  const cycle = new Cycle(hostSensors(2_000, prober, { proc, sys: "/sys" }), 2_000);
  await until(async () => find(await cycle.run(), "disk.total", "/dead-1") !== undefined);
  const pipes = dead.map((mount) => [mount, join(dir, mount.slice(1))] as const);
  for (const [, pipe] of pipes) execFileSync("mkfifo", [pipe]);
  process.env.PATH = [path, ...pipes.map(([mount, pipe]) => `dead=${mount}>${pipe}`)].join(":");
  process.kill(prober.pid as number, "SIGKILL");
  await until(async () => find(await cycle.run(), "disk.total", "/a") !== null);
  process.env.PATH = path;
  for (let n = 0; n < 3; n++) {
    const readings = await cycle.run();
    for (const mount of mounts) {
      const value = find(readings, "disk.total", mount);
      if (dead.includes(mount)) assert.equal(value, null, mount);
      else assert.ok((value ?? 0) > 0, `${mount} ${value}`);
    }
    assert.ok((find(readings, "memory.total") ?? 0) > 0);
    assert.notEqual(find(readings, "collector.failures", "temperature"), undefined);
  }
  const [, pipe] = pipes[0] as [string, string];
  release(pipe);
  await until(async () => {
    const reader = prober.ask("filesystem", "/dead-1", 100).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 20));
    release(pipe);
    return (await reader) !== null;
  });
});

test("a prober that hangs as a whole costs what it is asked for, is killed, and is started again once it is gone", async () => {
  const prober = openProber(PROBER, 500);
  const proc = copyProc();
  writeFileSync(join(proc, "self", "mountinfo"), mountLine(1, "/", "nfs4"));
  const sensor = filesystemSensor(300, prober, proc);
  await until(async () => (find(await sensor.read(), "disk.total", "/") ?? 0) > 0);
  const first = prober.pid as number;
  process.kill(first, "SIGSTOP");
  assert.equal(find(await sensor.read(), "disk.total", "/"), null);
  await until(async () => (find(await sensor.read(), "disk.total", "/") ?? 0) > 0);
  assert.notEqual(prober.pid, first);
});

test("a machine with local disks only needs no prober, and loses none of them by one that hangs", async () => {
  const proc = copyProc();
  const [away, under] = [folder(), folder()];
  const lines = [mountLine(1, "/"), mountLine(2, away, "nfs4"), mountLine(3, under, "xfs")];
  writeFileSync(join(proc, "self", "mountinfo"), `${[lines[0], lines[2]].join("\n")}\n`);
  const idle = openProber();
  const local = await filesystemSensor(2_000, idle, proc).read();
  for (const mount of ["/", under]) assert.ok((find(local, "disk.total", mount) ?? 0) > 0, mount);
  assert.equal(idle.pid, undefined);

  writeFileSync(join(proc, "self", "mountinfo"), `${lines.join("\n")}\n`);
  const prober = openProber();
  const sensor = filesystemSensor(300, prober, proc);
  await until(async () => (find(await sensor.read(), "disk.total", away) ?? 0) > 0);
  process.kill(prober.pid as number, "SIGSTOP");
  const readings = await sensor.read();
  assert.equal(find(readings, "disk.total", away), null);
  for (const mount of ["/", under]) assert.ok((find(readings, "disk.total", mount) ?? 0) > 0, mount);
});

test("a local disk is asked without the prober only where nothing on the way to it can hang", () => {
  const prompt = (...lines: string[]) =>
    parseMounts(lines.join("\n")).flatMap(({ name, prompt }) => (prompt ? [name] : []));
  assert.deepEqual(
    prompt(
      mountLine(1, "/"),
      "2 1 0:5 / /dev rw - devtmpfs udev rw",
      mountLine(3, "/net", "nfs4"),
      mountLine(4, "/net/disk"),
      mountLine(5, "/network", "xfs"),
      "6 1 0:6 / /auto rw - autofs systemd-1 rw",
      mountLine(7, "/auto/disk"),
      mountLine(8, "/phone", "fuse.mtp"),
      mountLine(9, "/tank", "zfs"),
      "10 1 0:7 / /run rw - tmpfs tmpfs rw",
      mountLine(11, "/run/media/stick", "vfat"),
    ),
    ["/", "/network", "/run/media/stick"],
  );
  assert.deepEqual(prompt(mountLine(1, "/", "nfs4"), mountLine(2, "/data")), []);
  assert.deepEqual(prompt(mountLine(1, "/"), mountLine(2, "/data"), mountLine(3, "/data", "nfs4")), ["/"]);
});

test("a sensor for temperatures that hangs is asked once and holds up no file system", async () => {
  const sys = folder();
  const chip = join(sys, "class", "hwmon", "hwmon0");
  mkdirSync(chip, { recursive: true });
  for (let n = 1; n <= 8; n++) execFileSync("mkfifo", [join(chip, `temp${n}_input`)]);
  const prober = openProber();
  await prober.ask("filesystem", "/", 5_000);
  await assert.rejects(prober.ask("temperatures", sys, 100), /takes longer than 100 ms/);
  await assert.rejects(prober.ask("temperatures", sys, 100), /still hangs/);
  assert.ok((await prober.ask("filesystem", "/", 2_000)).blocks > 0);
});

test("temperatures come from the chip that knows them best", async () => {
  const sys = folder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(sys, path)), { recursive: true });
    writeFileSync(join(sys, path), `${text}\n`);
  };
  assert.deepEqual(await readTemperatures(sys), []);
  write("class/thermal/thermal_zone0/type", "x86_pkg_temp");
  write("class/thermal/thermal_zone0/temp", "40500");
  assert.deepEqual(await readTemperatures(sys), [{ sensor: "cpu", celsius: 40.5 }]);
  write("class/hwmon/hwmon0/name", "coretemp");
  write("class/hwmon/hwmon0/temp1_input", "51549");
  write("class/hwmon/hwmon0/temp1_label", "Package id 0");
  write("class/hwmon/hwmon0/temp2_input", "50000");
  write("class/hwmon/hwmon0/temp2_label", "Core 0");
  write("class/hwmon/hwmon0/temp10_input", "-53000");
  write("class/hwmon/hwmon0/temp10_label", "Core 8");
  write("class/hwmon/hwmon0/temp3_input", "no number");
  assert.deepEqual(await readTemperatures(sys), [
    { sensor: "cpu", celsius: 51.5 },
    { sensor: "core 0", celsius: 50 },
    { sensor: "core 1", celsius: -53 },
  ]);
});

test("mounts are file systems with blocks of their own, each device once, without asking any of them", () => {
  const mounts = parseMounts(
    [
      mountLine(1, "/"),
      "22 27 0:21 / /proc rw - proc proc rw",
      "25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw",
      mountLine(2, "/data\\040of\\134us"),
      "40 1 8:2 /sub /var/lib/bind rw - ext4 /dev/sd2 rw",
      "41 1 0:40 / /mnt/nfs rw,relatime shared:7 - nfs4 server:/export rw",
      "42 1 0:50 /@ /pool rw - btrfs /dev/sdc rw",
      "43 1 0:50 /@home /pool/home rw - btrfs /dev/sdc rw",
      "44 1 0:60 / / rw - overlay overlay rw",
      "",
      "no line",
    ].join("\n"),
  );
  assert.deepEqual(
    mounts.map(({ name }) => name),
    ["/", "/data of\\us", "/mnt/nfs", "/pool", "/pool/home"],
  );
});
