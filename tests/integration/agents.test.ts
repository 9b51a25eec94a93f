import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { AGENT_PROTOCOL } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts, readHost } from "#lib/hosts/hosts.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

let db: Database;
before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
});

const credentialOf = () => `sla_${randomBytes(32).toString("base64url")}`;
const post = (path: string, body: unknown, options: object = {}) =>
  callRoute({ method: "post", path }, "", { body, ...options });
const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });

async function createToken(body: object = {}): Promise<string> {
  const response = await post("/agents/enrolment-tokens", body, { role: "operator" });
  const { token } = (await response.json()) as { token: string };
  return token;
}

const enrolment = (token: string, machineId: string, credential: string) => ({
  ...{ protocol: AGENT_PROTOCOL, version: "0.1.0", token, credential },
  ...{ machine_id: `machine-${machineId}`, name: machineId, system: { os: "Debian 12", cores: 2 } },
});

async function enrolled(machineId: string, token?: string): Promise<{ hostId: number; credential: string }> {
  const credential = credentialOf();
  const response = await post("/agents/enrol", enrolment(token ?? (await createToken()), machineId, credential));
  assert.equal(response.status, 200, await response.clone().text());
  const { host } = (await response.json()) as { host: { id: number } };
  return { hostId: host.id, credential };
}

const SHAPE = { source: { kind: "host", name: "" }, interval_ms: 5_000, series: [{ metric: "cpu.usage", labels: {} }] };
const batch = (frames: unknown[], more: object = {}) => ({
  ...{ protocol: AGENT_PROTOCOL, version: "0.1.0", sent_at: Date.now(), waiting: 0, dropped: 0 },
  ...{ shapes: [SHAPE], frames },
  ...more,
});
type Unstored = { frame: number; reason: string };
type Receipt = { taken: number; refused: Unstored[]; left_out: Unstored[]; rotate: boolean };
const receipt = async (response: Response): Promise<Receipt> => {
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Receipt;
};
const detailOf = async (response: Response) => ((await response.json()) as { detail: string }).detail;
const NOW = Math.floor(Date.now() / 5_000) * 5_000;
const sample = (n: number, value: number | null = n) => ({ shape: 0, at: NOW - n * 5_000, values: [value] });

test("a token lets in as many hosts as it says, with its tags, and none once it has expired or was revoked", async () => {
  const token = await createToken({ max_hosts: 2, tags: ["env:prod"], group: "Berlin" });
  const { hostId } = await enrolled("token-host-1", token);
  await enrolled("token-host-2", token);
  assert.deepEqual((({ tags, group }) => ({ tags, group }))(await readHost(db, hostId)), {
    tags: ["env:prod"],
    group: "Berlin",
  });
  const third = await post("/agents/enrol", enrolment(token, "token-host-3", credentialOf()));
  assert.equal(third.status, 403);
  assert.match(await detailOf(third), /Add host/);
  const expired = await createToken();
  await db.enrolmentToken.updateMany({ where: { used: 0 }, data: { expiresAt: new Date(Date.now() - 1) } });
  assert.equal((await post("/agents/enrol", enrolment(expired, "token-host-4", credentialOf()))).status, 403);
  const revoked = await createToken();
  const row = await db.enrolmentToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  const removal = { method: "delete", path: "/agents/enrolment-tokens/{id}" } as const;
  assert.equal((await callRoute(removal, "", { id: row.id, role: "admin" })).status, 204);
  assert.equal((await post("/agents/enrol", enrolment(revoked, "token-host-5", credentialOf()))).status, 403);
  assert.equal((await listHosts(db)).filter(({ name }) => name.startsWith("token-host")).length, 2);
});

test("of two agents that use a token's last entry at once, one gets in", async () => {
  const token = await createToken();
  const answers = await Promise.all(
    ["race-1", "race-2"].map((id) => post("/agents/enrol", enrolment(token, id, credentialOf()))),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403]);
});

test("an enrolment whose answer was lost is the same one, though its token is used up", async () => {
  const request = enrolment(await createToken(), "lost-answer", credentialOf());
  const [first, again] = [await post("/agents/enrol", request), await post("/agents/enrol", request)];
  assert.deepEqual([first.status, again.status], [200, 200]);
  const [answer, repeated] = [(await first.json()) as { host: object }, (await again.json()) as { host: object }];
  assert.deepEqual(answer.host, repeated.host);
});

test("nobody takes over a machine that is known, but by a token for that very host", async () => {
  const { hostId, credential } = await enrolled("taken");
  const stolen = await post("/agents/enrol", enrolment(await createToken(), "taken", credentialOf()));
  assert.equal(stolen.status, 409);
  assert.match(await detailOf(stolen), /Reinstall agent/);
  assert.equal((await post("/agents/frames", batch([sample(1)]), bearer(credential))).status, 200);
  const next = await enrolled("taken", await createToken({ host_id: hostId }));
  assert.equal(next.hostId, hostId);
  assert.equal((await post("/agents/frames", batch([sample(2)]), bearer(credential))).status, 401);
  assert.equal((await post("/agents/frames", batch([sample(2)]), bearer(next.credential))).status, 200);
});

test("a host goes on with its history on a new machine, by a token for it", async () => {
  const { hostId } = await enrolled("old-machine");
  assert.equal((await enrolled("new-machine", await createToken({ host_id: hostId }))).hostId, hostId);
  const token = await createToken({ host_id: hostId });
  await enrolled("somebody-else");
  const other = await post("/agents/enrol", enrolment(token, "somebody-else", credentialOf()));
  assert.equal(other.status, 409, "another host's machine cannot become this host");
});

test("the portal's own machine is not taken over by an agent", async () => {
  await db.host.create({ data: { machineId: "machine-own-machine", name: "portal", hostname: "portal", system: {} } });
  const response = await post("/agents/enrol", enrolment(await createToken(), "own-machine", credentialOf()));
  assert.equal(response.status, 409);
  assert.match(await detailOf(response), /watches itself/);
  const { id } = await db.host.findUniqueOrThrow({ where: { machineId: "machine-own-machine" } });
  const token = await post("/agents/enrolment-tokens", { host_id: id }, { role: "operator" });
  assert.equal(token.status, 400);
});

test("what is sent twice is stored once, and one bad frame of whatever kind stops no other", async () => {
  const { hostId, credential } = await enrolled("replays");
  const odd = { source: { kind: "no kind", name: "" }, interval_ms: 5_000, series: [{ metric: "x", labels: {} }] };
  const long = { ...SHAPE, interval_ms: 2 ** 31 };
  const frames = [
    sample(1),
    { ...sample(2), at: Date.now() + 2 * HOUR_MS },
    { ...sample(3), shape: 7 },
    { ...sample(4), values: [1, 2] },
    { ...sample(5), at: Date.now() - 4_000 * DAY_MS },
    { ...sample(6), at: NOW + 0.5 },
    { ...sample(7), shape: 1 },
    { ...sample(8), shape: 2 },
    sample(9, 1e308),
    sample(10, null),
    sample(11),
  ];
  const send = () => post("/agents/frames", batch(frames, { shapes: [SHAPE, odd, long] }), bearer(credential));
  const first = await receipt(await send());
  assert.deepEqual(
    first.refused.map(({ frame }) => frame).sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.equal(first.taken, 4);
  assert.match(
    first.refused.find(({ frame }) => frame === 1)?.reason ?? "",
    /(120 min|2 h) ahead of the portal's clock/,
  );
  assert.equal((await receipt(await send())).taken, 4);
  assert.equal(await db.frame.count({ where: { hostId } }), 4);
  const { agent } = await readHost(db, hostId);
  assert.equal(agent?.refused, 14);
  assert.ok(agent?.refusal && agent.refusedAt);
});

test("a reading or a process that cannot be stored is left out, named in the answer and counted on the host's page", async () => {
  const { hostId, credential } = await enrolled("clipped");
  const series = [...SHAPE.series, { metric: "x".repeat(301), labels: {} }, { metric: "", labels: {} }];
  const good = {
    name: "node",
    container: "",
    unit: "",
    count: 1,
    cpu: 1,
    memory: 1,
    read: 0,
    write: 0,
    pid: 1,
    command: "",
  };
  const clipped = {
    ...sample(1),
    values: [...sample(1).values, 1, 2],
    processes: { spanMs: 5_000, groups: [good, { ...good, pid: -1 }] },
  };
  const frames = [sample(2), clipped, { ...clipped, at: sample(3).at, processes: 7 }].map((frame, n) => ({
    ...frame,
    shape: n === 0 ? 1 : 0,
  }));
  const answer = await receipt(
    await post("/agents/frames", batch(frames, { shapes: [{ ...SHAPE, series }, SHAPE] }), bearer(credential)),
  );
  assert.deepEqual([answer.taken, answer.refused], [3, []]);
  assert.deepEqual(
    answer.left_out.map(({ frame }) => frame).sort((a, b) => a - b),
    [1, 1, 1, 2, 2, 2],
  );
  const reasons = answer.left_out.map(({ reason }) => reason).join("\n");
  for (const part of [/over 300 characters/, /Group 1 .*pid/, /send spanMs/]) assert.match(reasons, part);
  assert.equal(await db.processSample.count({ where: { hostId } }), 1);
  const { agent } = await readHost(db, hostId);
  assert.deepEqual([agent?.refused, agent?.leftOut, agent?.leftOutAt !== null], [0, 6, true]);
  assert.ok(agent?.leftOutReason);
});

test("a host's name has no characters that nobody sees, by which it could look like another", async () => {
  const { hostId, credential } = await enrolled("hidden");
  const machine = { name: "pay\u202Eroll\u200B-1\uFEFF", system: {} };
  await receipt(await post("/agents/frames", batch([sample(1)], { machine }), bearer(credential)));
  assert.equal((await readHost(db, hostId)).name, "payroll-1");
});

test("the host's page says how far its clock is off, what waits and what was given up", async () => {
  const { hostId, credential } = await enrolled("clock-host");
  const off = { sent_at: Date.now() - 2 * HOUR_MS, waiting: 17, dropped: 3, version: "0.0.9" };
  await receipt(await post("/agents/frames", batch([sample(1)], off), bearer(credential)));
  const { agent } = await readHost(db, hostId);
  assert.ok(agent && Math.abs(agent.clockOffsetMs + 2 * HOUR_MS) < 10 * SECOND_MS, String(agent?.clockOffsetMs));
  assert.deepEqual([agent.waiting, agent.dropped, agent.version, agent.address], [17, 3, "0.0.9", "192.0.2.1"]);
});

test("a renamed host keeps its name when its agent describes the machine anew", async () => {
  const { hostId, credential } = await enrolled("rename-me");
  const machine = { name: "new-hostname", system: { os: "Debian 13" } };
  const describe = () => post("/agents/frames", batch([sample(1)], { machine }), bearer(credential));
  const change = { method: "patch", path: "/hosts/{id}" } as const;
  const rename = (name: string | null) =>
    callRoute(change, "", { id: String(hostId), role: "operator", body: { name } });
  assert.equal((await rename("db-01")).status, 200);
  await receipt(await describe());
  const host = await readHost(db, hostId);
  assert.deepEqual([host.name, host.hostname, host.system.os], ["db-01", "new-hostname", "Debian 13"]);
  assert.equal((await rename(null)).status, 200);
  assert.equal((await readHost(db, hostId)).name, "new-hostname");
});

test("an agent reads nothing, changes nothing, and speaks for its own host only", async () => {
  const { hostId, credential } = await enrolled("curious");
  const other = await enrolled("neighbour");
  for (const path of ["/hosts", "/settings", "/metrics/current", "/audit"])
    assert.equal((await callRoute({ method: "get", path }, "", bearer(credential))).status, 403, path);
  assert.equal((await post("/agents/enrolment-tokens", {}, bearer(credential))).status, 403);
  await receipt(
    await post("/agents/frames", batch([sample(1)], { host_id: other.hostId, host: "neighbour" }), bearer(credential)),
  );
  assert.equal(await db.frame.count({ where: { hostId } }), 1);
  assert.equal(await db.frame.count({ where: { hostId: other.hostId } }), 0);
  for (const role of ["admin", "operator", "viewer"] as const)
    assert.equal((await post("/agents/frames", batch([sample(1)]), { role })).status, 403);
});

test("a revoked agent is refused from then on, and so is that of a retired host, which is watched no longer", async () => {
  const [first, second] = [await enrolled("revoke-me"), await enrolled("retire-me")];
  const removal = { method: "delete", path: "/hosts/{id}/agent" } as const;
  assert.equal((await callRoute(removal, "", { id: String(first.hostId), role: "admin" })).status, 204);
  const change = { method: "patch", path: "/hosts/{id}" } as const;
  const retire = (retired: boolean) =>
    callRoute(change, "", { id: String(second.hostId), role: "admin", body: { retired } });
  assert.equal((await retire(true)).status, 200);
  for (const { credential } of [first, second]) {
    const response = await post("/agents/frames", batch([sample(1)]), bearer(credential));
    assert.equal(response.status, 401);
    assert.match(await detailOf(response), /revoked/);
  }
  const watched = async () => (await listHosts(db)).some(({ id }) => id === second.hostId);
  assert.equal(await watched(), false);
  await retire(false);
  assert.equal(await watched(), true);
});

test("the next credential holds from its first use, and the one before until then", async () => {
  const { hostId, credential } = await enrolled("rotating");
  const push = (by: string) => post("/agents/frames", batch([sample(1)]), bearer(by));
  assert.equal((await receipt(await push(credential))).rotate, false);
  const order = { method: "post", path: "/hosts/{id}/agent/rotation" } as const;
  assert.equal((await callRoute(order, "", { id: String(hostId), role: "operator" })).status, 204);
  assert.equal((await receipt(await push(credential))).rotate, true);
  const next = credentialOf();
  assert.equal((await post("/agents/credential", { credential: next }, bearer(credential))).status, 204);
  assert.equal((await push(credential)).status, 200, "its answer may have been lost");
  assert.equal((await receipt(await push(next))).rotate, false);
  assert.equal((await push(credential)).status, 401);
});

test("a credential stands for one host: another can neither come with it nor announce it", async () => {
  const [first, second] = [await enrolled("single-1"), await enrolled("single-2")];
  const { credential } = first;
  const third = await post("/agents/enrol", enrolment(await createToken(), "single-3", credential));
  assert.equal(third.status, 409);
  assert.equal((await post("/agents/credential", { credential }, bearer(second.credential))).status, 409);
  assert.equal((await post("/agents/frames", batch([sample(1)]), bearer(credential))).status, 200);
  assert.equal(await db.frame.count({ where: { hostId: first.hostId } }), 1);
});

test("gzip and zstd are taken; a bomb, a body cut off and another encoding are refused with the reason", async () => {
  const { hostId, credential } = await enrolled("packed");
  const text = JSON.stringify(batch([sample(1)]));
  const send = (encoding: string, body: Buffer) =>
    callRoute({ method: "post", path: "/agents/frames" }, "", {
      headers: { authorization: `Bearer ${credential}`, "content-encoding": encoding },
      bytes: body,
    });
  assert.equal((await send("gzip", gzipSync(text))).status, 200);
  assert.equal((await send("zstd", zstdCompressSync(text))).status, 200);
  const bomb = await send("gzip", gzipSync(Buffer.alloc(64 * 1024 ** 2)));
  assert.equal(bomb.status, 413);
  const cut = await send("gzip", gzipSync(text).subarray(0, 40));
  assert.equal(cut.status, 400);
  assert.match(await detailOf(cut), /cut off/);
  assert.match(await detailOf(await send("br", Buffer.from(text))), /gzip, zstd/);
  const { agent } = await readHost(db, hostId);
  assert.deepEqual([agent?.refused, /gzip, zstd/.test(agent?.refusal ?? "")], [3, true], "the host's page counts them");
});

test("an agent that is too old or too new is told what to do", async () => {
  const { credential } = await enrolled("versions");
  for (const [protocol, remedy] of [
    [0, /download it again/],
    [AGENT_PROTOCOL + 1, /update the portal/],
  ] as const) {
    const response = await post("/agents/frames", batch([sample(1)], { protocol }), bearer(credential));
    assert.equal(response.status, 426);
    assert.match(await detailOf(response), remedy);
  }
});

test("a newer agent's further fields are no mistake", async () => {
  const { credential } = await enrolled("newer");
  const shape = { ...SHAPE, colour: "red", series: [{ ...SHAPE.series[0], exemplars: [] }] };
  const response = await post(
    "/agents/frames",
    batch([{ ...sample(1), note: "x" }], { shapes: [shape], mood: "good" }),
    bearer(credential),
  );
  assert.equal((await receipt(response)).taken, 1);
});
