import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { before, test } from "node:test";
import fc from "fast-check";
import { createToken } from "#lib/access/api-tokens.ts";
import type { ProcessGroup, ProcessTop } from "#lib/contract/processes.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { decodeBlock, encodeBlock, type ProcessSample, rounded } from "#lib/processes/block.ts";
import { averageGroups, readProcesses } from "#lib/processes/read.ts";
import { removeProcessesBefore, sealProcesses } from "#lib/processes/seal.ts";
import { cleanTop } from "#lib/processes/store.ts";
import { writeSettings } from "#lib/settings/store.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

let [db, url]: [Database, string] = [undefined as never, ""];
before(async () => {
  ({ db, url } = await freshDatabase());
  await signInRoles(db, url);
});

const group = (name: string, more: Partial<ProcessGroup> = {}): ProcessGroup => ({
  ...{
    name,
    container: "",
    unit: "",
    count: 1,
    cpu: 1,
    memory: 65_536,
    read: 0,
    write: 0,
    pid: 7,
    command: `/bin/${name}`,
  },
  ...more,
});
const frameAt = (at: number, processes?: ProcessTop): Frame => ({
  ...{ source: { kind: "host", name: "" }, at, intervalMs: 5_000 },
  readings: [{ metric: "cpu.usage", labels: {}, value: 1 }],
  ...(processes && { processes }),
});
const sinkOf = (name: string) => new HostFrameSink(db, async () => ({ machineId: `id-of-${name}`, name, system: {} }));
const NOW = Math.floor(Date.now() / 5_000) * 5_000;
const HOUR = Math.floor(NOW / HOUR_MS) * HOUR_MS - 3 * HOUR_MS;

const groups = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !text.includes("\u0000")),
    container: fc.constantFrom("", "web", "9f86d081884c"),
    unit: fc.constantFrom("", "nginx.service"),
    count: fc.integer({ min: 1, max: 500 }),
    cpu: fc.double({ min: 0, max: 12_800, noNaN: true }),
    memory: fc.double({ min: 0, max: 1e15, noNaN: true }),
    read: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })),
    write: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })),
    pid: fc.nat(4_194_304),
    command: fc.string({ maxLength: 200 }).filter((text) => !text.includes("\u0000")),
  }),
  { maxLength: 45, selector: ({ name, container, unit }) => JSON.stringify([name, container, unit]) },
);
const samplesOf = fc
  .uniqueArray(fc.record({ at: fc.nat(2 ** 41), spanMs: fc.integer({ min: 1, max: 86_400_000 }), groups }), {
    maxLength: 6,
    selector: ({ at }) => at,
  })
  .map((samples) => samples.sort((a, b) => a.at - b.at));
const inOrder = (samples: readonly ProcessSample[]) =>
  samples.map((sample) => ({
    ...sample,
    groups: sample.groups.map(rounded).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }));

test("what a block says is what was put into it, as finely as it is shown, and no less when it is sealed again", () => {
  fc.assert(
    fc.property(samplesOf, (samples) => {
      const once = decodeBlock(encodeBlock(samples));
      assert.deepEqual(inOrder(once), inOrder(samples));
      assert.deepEqual(inOrder(decodeBlock(encodeBlock(once))), inOrder(once));
    }),
    { numRuns: 60 },
  );
});

test("a group that cannot be stored keeps no other back, and no frame", async () => {
  const bad = [
    group("\u0000"),
    group("\ud800"),
    group("x", { cpu: Number.NaN }),
    group("x", { cpu: -1 }),
    group("x", { memory: 1e308 }),
    group("x", { count: 0 }),
    group("x", { command: "y".repeat(201) }),
    null as never,
  ];
  assert.deepEqual(cleanTop({ spanMs: 5_000, groups: [...bad, group("good")] })?.groups, [group("good")]);
  assert.equal(
    cleanTop({ spanMs: 5_000, groups: Array.from({ length: 99 }, (_, n) => group(`g${n}`)) })?.groups.length,
    45,
  );
  for (const none of [null, 1, {}, { spanMs: -1, groups: [] }, { spanMs: 1 }]) assert.equal(cleanTop(none), undefined);
  const sink = sinkOf("bad");
  await sink.append([frameAt(NOW, { spanMs: 5_000, groups: bad }), frameAt(NOW - 5_000, 7 as never)]);
  const hostId = await sink.hostId();
  assert.equal(await db.frame.count({ where: { hostId } }), 2);
});

test("the same frame twice is stored once; a moment has the sample whose span holds it, and a range their mean", async () => {
  const sink = sinkOf("reads");
  const frames = [0, 1, 2].map((n) =>
    frameAt(HOUR + n * 5_000, {
      spanMs: 5_000,
      groups: [group("steady"), ...(n === 1 ? [group("busy", { cpu: 90, write: 3e6 })] : [])],
    }),
  );
  for (const each of [frames, frames, [frames[1] as Frame]]) await sink.append(each);
  const hostId = await sink.hostId();
  assert.equal(await db.processSample.count({ where: { hostId } }), 3);
  const read = async (sealed: boolean) => {
    const names = async (at: number) => (await readProcesses(db, hostId, { at }, 5_000)).groups.map(({ name }) => name);
    assert.deepEqual(await names(HOUR), ["steady"]);
    assert.deepEqual(await names(HOUR + 1), ["busy", "steady"], "it was measured over the five seconds that end later");
    assert.deepEqual(await names(HOUR + 5_000), ["busy", "steady"]);
    assert.deepEqual(await names(HOUR + 17_000), ["steady"], "the newest before");
    assert.deepEqual(await names(HOUR + 60_000), []);
    const range = await readProcesses(db, hostId, { from: HOUR, to: HOUR + 15_000 }, 5_000);
    assert.deepEqual([range.samples, range.from?.getTime(), range.to?.getTime()], [3, HOUR - 5_000, HOUR + 10_000]);
    const [busy] = range.groups;
    assert.deepEqual([busy?.name, busy?.cpu, busy?.write], ["busy", 30, 1e6], `sealed: ${sealed}`);
    const nothing = await readProcesses(db, hostId, { at: HOUR - HOUR_MS }, 5_000);
    assert.deepEqual([nothing.from, nothing.groups, nothing.kept?.from.getTime()], [null, [], HOUR]);
  };
  await read(false);
  assert.ok((await sealProcesses(db, NOW)) >= 3);
  assert.equal(await sealProcesses(db, NOW), 0, "again at once there is nothing to do");
  assert.equal(await db.processSample.count({ where: { hostId } }), 0);
  await read(true);
  // One that comes late, from the spool, after its hour was sealed; and one of before once more.
  await sink.append([frames[0] as Frame, frameAt(HOUR + 15_000, { spanMs: 5_000, groups: [group("late")] })]);
  assert.deepEqual((await readProcesses(db, hostId, { from: HOUR, to: HOUR + 20_000 }, 5_000)).samples, 4);
  await sealProcesses(db, NOW);
  assert.equal((await readProcesses(db, hostId, { from: HOUR, to: HOUR + 20_000 }, 5_000)).samples, 4);
  assert.equal((await db.processBlock.findFirst({ where: { hostId } }))?.count, 4);
  assert.equal(await removeProcessesBefore(db, HOUR), 0);
  await removeProcessesBefore(db, HOUR + 2 * HOUR_MS);
  assert.equal((await readProcesses(db, hostId, { at: HOUR }, 5_000)).kept, null);
});

test("a sealer that is killed at any instant, beside another, loses and doubles nothing", async () => {
  const sink = sinkOf("killed");
  const hostId = await sink.hostId();
  const count = 600;
  for (let kills = 0; kills < 8; kills++) {
    const sealer = spawn(process.execPath, [join(import.meta.dirname, "..", "support", "process-sealer.ts"), url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(sealer.stdout, "data");
    const some = Array.from({ length: count / 8 }, (_, n) => HOUR + (n * 8 + kills) * 5_000);
    const [half, other] = [some.slice(0, 40), some.slice(40)];
    const append = (times: number[]) =>
      sink.append(times.map((at) => frameAt(at, { spanMs: 5_000, groups: [group("x", { pid: at % 997 })] })));
    await append(half);
    const beside = sealProcesses(db, NOW);
    await append(other);
    sealer.kill("SIGKILL");
    await Promise.all([once(sealer, "exit"), beside]);
  }
  await sealProcesses(db, NOW);
  const blocks = await db.processBlock.findMany({ where: { hostId } });
  const times = blocks.flatMap(({ data }) => decodeBlock(data).map(({ at }) => at)).sort((a, b) => a - b);
  assert.deepEqual(
    times,
    Array.from({ length: count }, (_, n) => HOUR + n * 5_000),
  );
});

test("means weigh samples by their time, and I/O that nobody knows stays unknown", () => {
  const mean = averageGroups([
    { at: 5_000, spanMs: 5_000, groups: [group("x", { cpu: 10, read: null, write: 8 })] },
    { at: 20_000, spanMs: 15_000, groups: [group("x", { cpu: 50, read: null, write: null, pid: 9, command: "most" })] },
  ]);
  assert.deepEqual(mean, [group("x", { cpu: 40, read: null, write: 2, pid: 9, command: "most" })]);
  assert.deepEqual(averageGroups([]), []);
});

test("every role reads figures; command lines only who may, and an API token only with that scope", async () => {
  const sink = sinkOf("api");
  await sink.append([frameAt(NOW, { spanMs: 5_000, groups: [group("app", { command: "/srv/app --password ***" })] })]);
  const search = `?host=${await sink.hostId()}&at=${NOW}`;
  const commandFor = async (role: Role) => {
    const response = await getRoute("/processes", search, role);
    assert.equal(response.status, 200);
    return ((await response.json()) as { groups: { command: string | null }[] }).groups[0]?.command;
  };
  const seen = await Promise.all(ROLES.map(commandFor));
  assert.deepEqual(
    ROLES.filter((_, n) => seen[n] !== null),
    ["admin", "operator", "engineer"],
  );
  const actor = await db.user.findFirstOrThrow({ where: { role: "admin" } });
  await writeSettings(db, { collect_command_lines: false }, actor.id);
  assert.equal(await commandFor("admin"), null, "those of before are not shown either while they are turned off");
  await writeSettings(db, { collect_command_lines: true }, actor.id);
  const owner = await db.user.findFirstOrThrow({ where: { role: "admin" } });
  for (const [scopes, command] of [
    [["metrics:read"], null],
    [["metrics:read", "processes:commands"], "/srv/app --password ***"],
  ] as const) {
    const { token } = await createToken(db, owner, { name: "t", days: 1, scopes: [...scopes] });
    const response = await callRoute({ method: "get", path: "/processes" }, search, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(((await response.json()) as { groups: { command: string | null }[] }).groups[0]?.command, command);
  }
});

test("a range that is too long, upside down or named twice is refused with the field", async () => {
  const sink = sinkOf("api");
  const host = `?host=${await sink.hostId()}`;
  for (const [search, field] of [
    ["&from=now-25h&to=now", "to"],
    ["&from=now&to=now-1h", "to"],
    ["&at=now&from=now-1h", "at"],
    ["&to=now", "from"],
    ["&at=yesterday", "at"],
  ]) {
    const response = await getRoute("/processes", `${host}${search}`);
    assert.equal(response.status, 400, search);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    assert.equal(errors[0]?.field, field, search);
  }
});
