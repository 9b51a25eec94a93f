import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Prober, proberAt } from "#lib/collect/prober.ts";
import { readContainerNames } from "#lib/collect/probes/containers.ts";
import { containerSensor } from "#lib/collect/sensors/containers.ts";
import { unitSensor } from "#lib/collect/sensors/units.ts";
import { parseUnits, readUnits } from "#lib/collect/units.ts";
import type { Reading } from "#lib/metrics/frame.ts";

// Control groups of version 2 are not writable where these tests run: a folder has the kernel's own file formats in their place.
const dir = mkdtempSync(join(tmpdir(), "sightline-containers-"));
after(() => rmSync(dir, { recursive: true }));
const prober = new Prober(proberAt(join(import.meta.dirname, "..", "..", "..", "workers", "prober.ts")));
after(() => prober.stop());

const GROUP = "/system.slice/docker-9f86.scope";
const folder = join(dir, "fs", "cgroup", GROUP);

function writeGroup(seconds: number, written: number): void {
  mkdirSync(folder, { recursive: true });
  const us = seconds * 1e6;
  writeFileSync(
    join(folder, "cpu.stat"),
    `usage_usec ${us}\nuser_usec ${us}\nsystem_usec 0\nnr_periods 9\nnr_throttled 3\nthrottled_usec ${us / 10}\n`,
  );
  writeFileSync(join(folder, "memory.current"), "104857600\n");
  writeFileSync(join(folder, "memory.stat"), "anon 1\nfile 9\ninactive_file 4857600\n");
  writeFileSync(
    join(folder, "io.stat"),
    `8:0 rbytes=4096 wbytes=${written} rios=1 wios=2 dbytes=0 dios=0\n253:0 rbytes=1 wbytes=1 rios=1 wios=1 dbytes=0 dios=0\n`,
  );
  writeFileSync(join(folder, "pids.current"), "7\n");
}

const values = (readings: Reading[]) => Object.fromEntries(readings.map(({ metric, value }) => [metric, value]));

test("a container has its CPU, memory, I/O and processes by the files of its control group, once it has lived for a minute", async () => {
  const running = new Map([["web", GROUP]]);
  let at = 0;
  const sensor = containerSensor(() => running, dir, { now: () => at });
  writeGroup(10, 1_000);
  assert.deepEqual(await sensor.read(), []);
  at = 60_000;
  writeGroup(40, 5_000);
  const readings = await sensor.read();
  assert.deepEqual(values(readings), {
    "container.cpu": 50,
    "container.cpu.throttled": 5,
    "container.memory": 100_000_000,
    "container.read.bytes": 4_097,
    "container.write.bytes": 5_001,
    "container.processes": 7,
  });
  assert.ok(readings.every(({ labels }) => labels.container === "web"));
  // A restart under the same name begins at nothing.
  at = 65_000;
  writeGroup(1, 0);
  assert.equal(values(await sensor.read())["container.cpu"], null);
  // It is gone: its series stay for an hour, without values.
  running.clear();
  rmSync(folder, { recursive: true });
  at = 70_000;
  assert.deepEqual([...new Set((await sensor.read()).map(({ value }) => value))], [null]);
  at = 70_000 + 3_600_001;
  assert.deepEqual(await sensor.read(), []);
});

test("of a thousand containers a hundred have series", async () => {
  const many = new Map(Array.from({ length: 1_000 }, (_, n) => [`c${n}`, GROUP]));
  let at = 0;
  writeGroup(1, 1);
  const sensor = containerSensor(() => many, dir, { now: () => at });
  await sensor.read();
  at = 60_000;
  assert.equal((await sensor.read()).length, 600);
});

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

test("names come from the engine's socket; one that is dead, or says nonsense, hangs nothing", async () => {
  const servers: Server[] = [];
  const listen = async (name: string, answer: string) => {
    const server = createServer((request, response) => response.end(request.url === "/containers/json" ? answer : "?"));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(dir, name), resolve));
    return join(dir, name);
  };
  const dead = createNetServer(() => undefined);
  try {
    const good = await listen(
      "good.sock",
      JSON.stringify([
        { Id: ID, Names: ["/shop-web-1"] },
        { Id: 7 },
        null,
        { Id: ID, Names: [] },
        { Id: ID, Names: [3] },
      ]),
    );
    assert.deepEqual(await readContainerNames(good), [["9f86d081884c", "shop-web-1"]]);
    assert.deepEqual(await prober.ask("containers", good, 5_000), [["9f86d081884c", "shop-web-1"]]);
    await assert.rejects(readContainerNames(await listen("bad.sock", "<html>")));
    assert.deepEqual(await readContainerNames(await listen("odd.sock", "{}")), []);
    assert.deepEqual(await readContainerNames(join(dir, "none.sock")), []);
    await new Promise<void>((resolve) => dead.listen(join(dir, "dead.sock"), resolve));
    await assert.rejects(prober.ask("containers", join(dir, "dead.sock"), 300), /takes longer/);
    assert.deepEqual(await prober.ask("containers", good, 5_000), [["9f86d081884c", "shop-web-1"]], "others go on");
  } finally {
    for (const server of servers) server.close();
    dead.close();
  }
});

test("services that are failed or restarted have series, which stay when they are well again", async () => {
  const shown = `Id=nginx.service
ActiveState=active
NRestarts=0

Id=backup.service
ActiveState=failed
NRestarts=4

NRestarts=2
Id=app@1.service
ActiveState=active

Id=dev-sda.device
ActiveState=active
`;
  const units = parseUnits(shown);
  assert.deepEqual(units, [
    { name: "nginx.service", failed: false, restarts: 0 },
    { name: "backup.service", failed: true, restarts: 4 },
    { name: "app@1.service", failed: false, restarts: 2 },
  ]);
  let now = units.slice(1);
  const sensor = unitSensor(async () => now);
  assert.deepEqual(
    (await sensor.read()).map(({ metric, labels, value }) => [metric, labels.unit, value]),
    [
      ["unit.failed.count", undefined, 1],
      ["unit.failed", "backup.service", 1],
      ["unit.restarts", "backup.service", 4],
      ["unit.failed", "app@1.service", 0],
      ["unit.restarts", "app@1.service", 2],
    ],
  );
  now = [];
  const later = await sensor.read();
  assert.deepEqual([later.length, later[0]?.value, later[1]?.value], [5, 0, 0]);
  assert.deepEqual(await unitSensor(async () => undefined).read(), []);
  assert.equal(await readUnits(join(dir, "no-run")), undefined);
});
