import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { zstdDecompressSync } from "node:zlib";
import { PortalClient } from "#lib/collect/agent/portal-client.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { PortalSink } from "#lib/collect/agent/portal-sink.ts";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool } from "#lib/collect/spool.ts";
import type { Database } from "#lib/db/client.ts";
import { enrolAgent } from "#lib/hosts/agents/enrol.ts";
import { createEnrolmentToken } from "#lib/hosts/agents/enrolment-tokens.ts";
import { readHost } from "#lib/hosts/hosts.ts";
import { writeSettings } from "#lib/settings/store.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";
import { buildAgentExecutable, bundleAgent } from "../../scripts/steps/agent.ts";
import { signInRoles } from "../support/api.ts";
import { closingAfter } from "../support/closing.ts";
import { freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { RouteServer } from "../support/route-server.ts";

let db: Database;
const server = new RouteServer();
const closing = closingAfter();
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-agent-"));
  closing.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};
const program = join(folder(), "sightline-agent.mjs");

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  await server.open();
  closing.push(() => server.close());
  await bundleAgent(program);
});

const until = (holds: () => boolean | Promise<boolean>, what: string, seconds = 40) => eventually(holds, seconds, what);

const adminId = async () => (await db.user.findFirstOrThrow({ where: { role: "admin" } })).id;
const tokenFor = async (hostId?: number) =>
  (await createEnrolmentToken(db, { tags: [], group: "", hours: 1, maxHosts: 1, hostId }, await adminId())).token;

/** An agent that is let in without its program. */
async function letIn(name: string): Promise<{ hostId: number; credential: string }> {
  const credential = `sla_${Buffer.alloc(32, name).toString("base64url")}`;
  const machine = { machineId: `machine-${name}`, name, system: {} };
  const request = { protocol: 1, version: "0.1.0", token: await tokenFor(), credential, ...machine };
  const host = await enrolAgent(db, request, { address: "192.0.2.7" });
  return { hostId: host.id, credential };
}

const instantsOf = async (hostId: number) =>
  (await db.frame.findMany({ where: { hostId }, orderBy: { at: "asc" }, select: { at: true } })).map(({ at }) =>
    at.getTime(),
  );

function startAgent(args: string[], command = [process.execPath, program]): { child: ChildProcess; log: () => string } {
  const [file = "", ...first] = command;
  const child = spawn(file, [...first, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LOG_LEVEL: "info" },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (part: Buffer) => {
      text += part.toString();
    });
  closing.push(() => child.kill("SIGKILL"));
  return { child, log: () => text };
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    // With all that it wrote.
    child.once("close", resolve);
  });

test("the one file enrols, sends the machine's figures, follows the interval, and changes its credential", async () => {
  await writeSettings(db, { collection_interval: 1 }, await adminId());
  const data = folder();
  const common = ["--url", server.url, "--data", data, "--name", "web-7", "--machine-id", "machine-web-7"];
  const first = startAgent([...common, "--token", await tokenFor()]);
  const host = () => db.host.findUnique({ where: { machineId: "machine-web-7" } });
  await until(async () => (await host()) !== null, first.log());
  const hostId = (await host())?.id ?? 0;
  await until(async () => (await instantsOf(hostId)).length >= 4, "four frames");
  const spacing = (await instantsOf(hostId)).slice(-2);
  assert.equal((spacing[1] ?? 0) - (spacing[0] ?? 0), SECOND_MS, "the portal's interval");
  const metrics = (await db.series.findMany({ where: { hostId } })).map(({ metric }) => metric);
  for (const metric of ["cpu.usage", "memory.usage", "disk.usage", "process.count", "collector.memory.private"])
    assert.ok(metrics.includes(metric), metric);
  await until(async () => "os" in (await readHost(db, hostId)).system, "the inventory");

  const before = (await db.agent.findUniqueOrThrow({ where: { hostId } })).hash;
  await db.agent.update({ where: { hostId }, data: { rotationDue: true } });
  await until(async () => (await db.agent.findUniqueOrThrow({ where: { hostId } })).hash !== before, "the rotation");
  const second = startAgent(common);
  assert.equal(await ended(second.child), 1, "a second agent in the same folder");
  assert.match(second.log(), /another agent runs/);
  const alias = join(folder(), "alias");
  symlinkSync(data, alias);
  const third = startAgent([...common, "--data", alias]);
  assert.equal(await ended(third.child), 1, "a second agent in the same folder by another path");
  first.child.kill("SIGTERM");
  assert.equal(await ended(first.child), 0);
  assert.ok(!first.log().includes("sla_") && !first.log().includes("sle_"), "no secret is in its log");
  assert.equal(readFileSync(join(data, "agent.json"), "utf8").includes("sle_"), false, "the token is not kept");
  const again = startAgent(["--data", data, "--machine-id", "machine-web-7"]);
  const sent = (await instantsOf(hostId)).length;
  await until(async () => (await instantsOf(hostId)).length > sent + 2, "frames after a start without --name");
  assert.equal((await host())?.hostname, "web-7", "it is called what it was called by the first start");
  again.child.kill("SIGTERM");
  assert.equal(await ended(again.child), 0);
});

test("the executable with a Node of its own does the same", async () => {
  const executable = join(folder(), "sightline-agent");
  await buildAgentExecutable(`${executable}.zst`);
  writeFileSync(executable, zstdDecompressSync(readFileSync(`${executable}.zst`)), { mode: 0o755 });
  const { child, log } = startAgent(
    ["--url", server.url, "--data", folder(), "--machine-id", "machine-sea", "--token", await tokenFor()],
    [executable],
  );
  const host = () => db.host.findUnique({ where: { machineId: "machine-sea" } });
  await until(async () => (await host()) !== null, log());
  const hostId = (await host())?.id ?? 0;
  // File systems are read by the prober, which is the same executable once more.
  await until(async () => (await db.series.count({ where: { hostId, metric: "disk.usage" } })) > 0, "the prober");
  await until(async () => "os" in (await readHost(db, hostId)).system, "the inventory");
  child.kill("SIGTERM");
  assert.equal(await ended(child), 0);
});

test("a token that is refused locks out no agent that was let in before", async () => {
  const common = ["--url", server.url, "--data", folder(), "--machine-id", "machine-kept"];
  const first = startAgent([...common, "--token", await tokenFor()]);
  await until(async () => (await db.host.findUnique({ where: { machineId: "machine-kept" } })) !== null, first.log());
  const { id: hostId } = await db.host.findUniqueOrThrow({ where: { machineId: "machine-kept" } });
  await until(() => first.log().includes("enrolled"), first.log());
  first.child.kill("SIGTERM");
  await ended(first.child);
  // Valid, but for no machine that is known.
  const refused = startAgent([...common, "--token", await tokenFor()]);
  assert.equal(await ended(refused.child), 1);
  assert.match(refused.log(), /already known/);
  const before = (await instantsOf(hostId)).length;
  startAgent(common);
  await until(async () => (await instantsOf(hostId)).length > before, "frames by the credential of before");
});

test("without a token, with a wrong one, or with an address that is none, it ends and says what to do", async () => {
  const cases: [string[], RegExp][] = [
    [[], /--url and --token are needed/],
    [["--url", "ftp://x", "--token", "t"], /--url: write/],
    [["--url", server.url, "--token", "sle_forged"], /Add host/],
    [["--machine-id", "a b"], /--machine-id/],
    [["dance"], /no command/],
  ];
  for (const [args, says] of cases) {
    const { child, log } = startAgent([...args, "--data", folder()]);
    assert.equal(await ended(child), 1, args.join(" "));
    assert.match(log(), says);
  }
});

const frameAt = (at: number) => ({
  source: { kind: "host", name: "" },
  at,
  intervalMs: 5_000,
  readings: [{ metric: "cpu.usage", labels: {}, value: at % 97 }],
});

type Ports = ConstructorParameters<typeof PortalSink>[2];
const portsFor = (credential: string, more: Partial<Ports> = {}): Ports => ({
  version: "0.1.0",
  credential: () => credential,
  counts: () => ({ waiting: 0, dropped: 0 }),
  onOrders: () => undefined,
  onClock: () => undefined,
  rotate: async () => undefined,
  ...more,
});

test("what was sampled through an outage of six hours is all there afterwards, once", async () => {
  const { hostId, credential } = await letIn("outage");
  const end = Math.floor(Date.now() / 5_000) * 5_000;
  const instants = Array.from({ length: (6 * HOUR_MS) / 5_000 }, (_, n) => end - 6 * HOUR_MS + n * 5_000);
  const spool = new Spool(join(folder(), "spool"), { fileBytes: 64 * 1024 });
  const client = new PortalClient(server.url);
  const sink = new PortalSink(client, new PortalClock(), portsFor(credential));
  const recorder = new Recorder(sink, spool, { pauseMs: () => 100 });
  for (const at of instants.slice(0, 10)) await recorder.record(frameAt(at));
  await server.close();
  for (const at of instants.slice(10, -10)) await recorder.record(frameAt(at));
  assert.equal(recorder.status.state, "spooling");
  // The first answers after it are lost: what they are of is sent again.
  let losses = 0;
  server.loses = () => losses++ < 3;
  await server.open();
  for (const at of instants.slice(-10)) await recorder.record(frameAt(at));
  await until(() => recorder.status.state === "storing" && spool.isEmpty, "the spool is sent");
  server.loses = () => false;
  assert.ok(losses >= 3);
  assert.deepEqual(await instantsOf(hostId), instants);
  await recorder.close();
  client.close();
});

test("an agent that is killed a hundred times loses and doubles nothing, while every fourth answer is lost", {
  timeout: 400_000,
}, async () => {
  const { hostId, credential } = await letIn("killed");
  const dir = folder();
  // As one file, as the agent is: a hundred starts from its sources would take minutes.
  const writer = join(dir, "writer.mjs");
  await bundleAgent(writer, join(import.meta.dirname, "..", "support", "agent-writer.ts"));
  const safe: number[] = [];
  let next = Math.floor(Date.now() / 1_000) * 1_000 - 30 * HOUR_MS;
  let answers = 0;
  server.loses = () => answers++ % 4 === 3;
  for (let n = 0; n < 100; n++) {
    const child = spawn(process.execPath, [writer, server.url, credential, dir, String(next)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, (n * 37) % 120));
    child.kill("SIGKILL");
    await ended(child);
    const written = text.split("\n").slice(0, -1).map(Number);
    safe.push(...written);
    next = (safe.at(-1) ?? next) + 1_000;
  }
  server.loses = () => false;
  const spool = new Spool(join(dir, "spool"));
  const client = new PortalClient(server.url);
  const recorder = new Recorder(new PortalSink(client, new PortalClock(), portsFor(credential)), spool, {
    pauseMs: () => 20,
  });
  await until(() => spool.isEmpty, "what waited is sent");
  await recorder.close();
  client.close();
  const stored = await instantsOf(hostId);
  assert.equal(new Set(stored).size, stored.length, "none twice");
  const missing = safe.filter((at) => !stored.includes(at));
  assert.deepEqual(missing, [], "none lost");
  assert.ok(safe.length >= 100);
});

test("frames of a host whose clock is two hours wrong are shown at the portal's time", async () => {
  for (const [name, off] of [
    ["ahead", 2 * HOUR_MS],
    ["behind", -2 * HOUR_MS],
  ] as const) {
    const { hostId, credential } = await letIn(name);
    const clock = new PortalClock(0, { now: () => Date.now() + off, monotonic: () => performance.now() });
    let corrected = 0;
    const client = new PortalClient(server.url);
    const sink = new PortalSink(client, clock, portsFor(credential, { onClock: () => corrected++ }));
    await sink.append([frameAt(Math.floor(clock.now() / 5_000) * 5_000)]);
    assert.equal(corrected, 1);
    const at = Math.floor(clock.now() / 1_000) * 1_000;
    assert.ok(Math.abs(at - Date.now()) < 3 * SECOND_MS);
    assert.deepEqual(await sink.append([frameAt(at)]), []);
    assert.ok((await instantsOf(hostId)).includes(at));
    const { agent } = await readHost(db, hostId);
    assert.equal(Math.round((agent?.clockOffsetMs ?? 0) / HOUR_MS), off / HOUR_MS);
    client.close();
  }
});

test("a portal that refuses, redirects, or is no portal is waited for, and nothing is lost", async () => {
  const { credential } = await letIn("patient");
  const sink = (url: string, by = credential) => new PortalSink(new PortalClient(url), new PortalClock(), portsFor(by));
  const unknown = sink(server.url, `sla_${"x".repeat(43)}`);
  await assert.rejects(unknown.append([frameAt(0)]), /401/);
  assert.ok(unknown.pauseMs(1) >= 2 * 60 * SECOND_MS, "a revoked agent does not hammer");
  await assert.rejects(sink("http://127.0.0.1:9").append([frameAt(0)]), /ECONNREFUSED/);
  const usual = sink("http://127.0.0.1:9");
  const pauses = [1, 2, 3, 10].map((failures) => usual.pauseMs(failures));
  assert.ok((pauses[0] ?? 0) <= 1_500 && (pauses[3] ?? 0) >= 30_000, String(pauses));
});
