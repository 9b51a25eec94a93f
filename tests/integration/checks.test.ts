import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer as createTcp, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { listCheckStates } from "#lib/checks/check-states.ts";
import { CheckRunner, checkFrame } from "#lib/collect/checks/check-runner.ts";
import { isExpected } from "#lib/collect/checks/http.ts";
import { runCheck as runAs } from "#lib/collect/checks/run-check.ts";
import type { CheckDefinition } from "#lib/contract/checks.ts";
import type { Database } from "#lib/db/client.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { closingAfter } from "../support/closing.ts";
import { addHost, freshDatabase } from "../support/database.ts";

let db: Database;
let hostId = 0;
const closing = closingAfter();
const runCheck = (definition: CheckDefinition) => runAs(definition, "administrator");

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  ({ hostId } = await addHost(db, "portal"));
});

async function listenOn(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const check = (
  kind: CheckDefinition["kind"],
  target: string,
  options: object = {},
  timeoutMs = 2_000,
): CheckDefinition => ({
  ...{ id: 1, name: "shop", kind, target, intervalMs: 60_000, timeoutMs, options },
});

test("an address that answers is up, with its stages; a wrong status, body or silence is a failure that says why", async () => {
  const server = createHttp((request, response) => {
    if (request.url === "/slow") return;
    response.statusCode = request.url === "/broken" ? 503 : request.url === "/moved" ? 301 : 200;
    response.end(request.url === "/cut" ? undefined : "all is well");
  });
  closing.push(() => server.closeAllConnections());
  const root = `http://127.0.0.1:${await listenOn(server)}`;
  const up = await runCheck(check("http", root));
  assert.deepEqual([up.up, up.status, up.reason, up.certificateSeconds], [true, 200, null, null]);
  for (const phase of ["connect", "first_byte", "transfer"]) assert.ok((up.phases[phase] ?? -1) >= 0, phase);
  const cases: [string, object, string | null][] = [
    ["/broken", {}, "status"],
    ["/broken", { statuses: "503" }, null],
    ["/moved", {}, null],
    ["/moved", { statuses: "200" }, "status"],
    ["/", { body: "all (is|was) well" }, null],
    ["/", { body: "maintenance" }, "body"],
    ["/", { body: "(a+)+$" }, "body"],
  ];
  for (const [path, options, reason] of cases) {
    const result = await runCheck(check("http", root + path, options));
    assert.equal(result.reason, reason, `${path} ${JSON.stringify(options)}: ${result.detail}`);
  }
  assert.equal((await runCheck(check("http", `${root}/slow`, {}, 300))).reason, "timeout");
  assert.match((await runCheck(check("http", `${root}/broken`))).detail, /answers 503, expected 200-399/);
});

test("a certificate is watched, and one that nobody trusts fails unless the check says that it may", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-tls-"));
  closing.push(() => rmSync(dir, { recursive: true }));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "10"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const server = createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end("ok"));
  closing.push(() => server.closeAllConnections());
  const target = `https://127.0.0.1:${await listenOn(server)}`;
  assert.equal((await runCheck(check("http", target))).reason, "certificate");
  const result = await runCheck(check("http", target, { verifyTls: false }));
  assert.equal(result.up, true, result.detail);
  assert.ok(
    Math.abs((result.certificateSeconds ?? 0) * 1000 - 10 * DAY_MS) < MINUTE_MS,
    String(result.certificateSeconds),
  );
  assert.ok((result.phases.tls ?? -1) >= 0);
});

test("a port that is open is up, a closed one is not, and what hands out credentials of clouds is never asked", async () => {
  const port = await listenOn(createTcp());
  assert.equal((await runCheck(check("tcp", `127.0.0.1:${port}`))).up, true);
  assert.equal((await runCheck(check("tcp", "127.0.0.1:1"))).reason, "connection");
  assert.equal((await runCheck(check("tcp", "nowhere.invalid:80"))).reason, "name");
  for (const [kind, target] of [
    ["http", "http://169.254.169.254/latest/meta-data"],
    ["tcp", "169.254.169.254:80"],
    ["ping", "169.254.169.254"],
  ] as const)
    assert.equal((await runCheck(check(kind, target))).reason, "forbidden", target);
  // What an operator writes is asked of public addresses, as their webhooks are.
  assert.equal((await runAs(check("tcp", `127.0.0.1:${port}`), "author")).reason, "forbidden");
});

/** Answers A questions with one address, by RFC 1035. */
async function startNameServer(): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (question, peer) => {
    const end = question.indexOf(0, 12) + 5;
    const header = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80]);
    socket.send(Buffer.concat([header, question.subarray(12, end), answer]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(53, "127.0.0.53", resolve));
  closing.push(() => socket.close());
  return "127.0.0.53";
}

test("a name is asked of the name server that the check names, and its answer compared", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("port 53 needs root");
  const resolver = await startNameServer();
  const found = await runCheck(check("dns", "shop.example", { resolver, expected: "192.0.2.80" }));
  assert.deepEqual([found.up, found.detail], [true, "192.0.2.80"]);
  const other = await runCheck(check("dns", "shop.example", { resolver, expected: "192.0.2.81" }));
  assert.equal(other.reason, "answer");
  assert.match(other.detail, /has 192.0.2.80, expected 192.0.2.81/);
  assert.equal((await runCheck(check("dns", "shop.example", { resolver: "127.0.0.54" }, 500))).up, false);
});

test("a host that answers an echo is up, with the time that it took", async (t) => {
  if (!existsSync("/bin/ping") && !existsSync("/usr/bin/ping")) return t.skip("there is no ping");
  const result = await runCheck(check("ping", "127.0.0.1"));
  assert.equal(result.up, true, result.detail);
  assert.ok(result.durationMs < 100);
  assert.equal((await runCheck(check("ping", "--help"))).up, false, "a target is no option");
});

test("statuses are single ones and ranges", () => {
  for (const [status, text, expected] of [
    [200, "200-399", true],
    [400, "200-399", false],
    [404, "200-299, 404", true],
    [403, "200 - 299,404", false],
  ] as const)
    assert.equal(isExpected(status, text), expected, `${status} in ${text}`);
});

const create = (body: object, role: "admin" | "viewer" = "admin") =>
  callRoute({ method: "post", path: "/checks" }, "", { role, body });
type Listed = {
  id: number;
  name: string;
  states: { state: string; reason: string | null; uptime_day: number | null }[];
};

test("a list says which checks are up, why one is down, and what share of a day each was up", async () => {
  const response = await create({ name: "Shop", kind: "http", target: "https://shop.example/health" });
  assert.equal(response.status, 201, await response.clone().text());
  const { id } = (await response.json()) as { id: number };
  const writer = new FrameWriter(db, new Registry(db));
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const good = {
    up: true,
    reason: null,
    detail: "",
    durationMs: 20,
    phases: { dns: 1 },
    status: 200,
    certificateSeconds: 9e6,
  };
  const bad = { ...good, up: false, reason: "status" as const, status: 503 };
  const definition = { id, name: "Shop", intervalMs: MINUTE_MS };
  const frames: Frame[] = Array.from({ length: 10 }, (_, n) =>
    checkFrame(definition, now - (9 - n) * MINUTE_MS, n < 7 ? good : bad),
  );
  await writer.appendAll(hostId, frames);
  const [shop] = ((await (await getRoute("/checks")).json()) as Listed[]).filter(({ name }) => name === "Shop");
  const [state] = shop?.states ?? [];
  assert.deepEqual([state?.state, state?.reason, Math.round(state?.uptime_day ?? 0)], ["down", "status", 70]);
  await create({ name: "Never run", kind: "ping", target: "db-01" });
  const listed = (await (await getRoute("/checks")).json()) as Listed[];
  assert.deepEqual(
    listed.find(({ name }) => name === "Never run")?.states.map((s) => [s.state, s.uptime_day]),
    [["no_data", null]],
  );
});

test("a check that was renamed keeps its uptime, and one that bears the name of a deleted one begins anew", async () => {
  const old = (await (await create({ name: "Name", kind: "tcp", target: "db:1" })).json()) as { id: number };
  const writer = new FrameWriter(db, new Registry(db));
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const run = (id: number, name: string, minutes: number, up: boolean) =>
    checkFrame({ id, name, intervalMs: MINUTE_MS }, now - minutes * MINUTE_MS, {
      ...{ up, reason: up ? null : "connection", detail: "", durationMs: 20, phases: {} },
      ...{ status: null, certificateSeconds: null },
    });
  await writer.appendAll(hostId, [run(old.id, "Name", 4, false), run(old.id, "Renamed", 3, true)]);
  const change = { name: "Renamed", kind: "tcp", target: "db:1" };
  const replace = { method: "put", path: "/checks/{id}" } as const;
  assert.equal((await callRoute(replace, "", { id: String(old.id), role: "admin", body: change })).status, 200);
  const next = (await (await create({ name: "Name", kind: "tcp", target: "db:2" })).json()) as { id: number };
  await writer.appendAll(hostId, [run(next.id, "Name", 0, true)]);
  const listed = (await (await getRoute("/checks")).json()) as Listed[];
  const uptime = (name: string) => listed.find((check) => check.name === name)?.states.map((s) => s.uptime_day);
  assert.deepEqual([uptime("Renamed"), uptime("Name")], [[50], [100]]);
});

test("what an administrator pointed into a private network stays permitted when an operator changes the rest", async () => {
  const check = { name: "Private", kind: "tcp", target: "127.0.0.1:1" };
  const { id } = (await (await create(check)).json()) as { id: number };
  const { id: agentHost } = await db.host.create({
    data: { machineId: "in-the-network", name: "n", hostname: "n", system: {} },
  });
  const replace = async (body: object, status = 200) => {
    const to = { method: "put", path: "/checks/{id}" } as const;
    const answer = await callRoute(to, "", { id: String(id), role: "operator", body });
    assert.equal(answer.status, status);
    if (status !== 200) assert.match(await answer.text(), /"field":"target".*no public address/);
    return (await db.uptimeCheck.findUniqueOrThrow({ where: { id } })).trusted;
  };
  assert.equal(await replace({ ...check, name: "Private and renamed" }), true);
  for (const [kind, target] of [
    ["tcp", "127.0.0.1:2"],
    ["tcp", "[::1]:2"],
    ["ping", "::1"],
    ["ping", "10.0.0.1"],
    ["http", "http://localhost:3000/"],
  ])
    assert.equal(await replace({ ...check, kind, target }, 400), true, "an operator points the portal nowhere else");
  assert.equal(await replace({ ...check, target: "127.0.0.1:2", host_ids: [agentHost] }), false);
  await db.host.delete({ where: { id: agentHost } });
});

test("a target that cannot be, a name that is taken and a host that is none are refused, by field", async () => {
  const cases: [object, string][] = [
    [{ kind: "ping", target: "[::1]" }, "target"],
    [{ kind: "http", target: "https://shop.example", options: { statuses: "999-100" } }, "options.statuses"],
    [{ kind: "http", target: "shop.example" }, "target"],
    [{ kind: "http", target: "https://ana:secret@shop.example" }, "target"],
    [{ kind: "tcp", target: "db-01:99999" }, "target"],
    [{ kind: "dns", target: "a b" }, "target"],
    [{ kind: "ping", target: "--flood" }, "target"],
    [{ kind: "http", target: "https://a.example", timeout_ms: 60_000, interval_ms: 5_000 }, "timeout_ms"],
    [{ kind: "http", target: "https://a.example", options: { statuses: "all" } }, "options.statuses"],
    [{ kind: "http", target: "https://a.example", options: { body: "(" } }, "options.body"],
    [{ kind: "http", target: "https://a.example", host_ids: [99] }, "host_ids"],
  ];
  for (const [body, field] of cases) {
    const response = await create({ name: `x ${field}`, ...body });
    assert.equal(response.status, 400, JSON.stringify(body));
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    assert.ok(
      errors.some((error) => error.field === field),
      `${JSON.stringify(errors)} names ${field}`,
    );
  }
  assert.equal((await create({ name: "Shop", kind: "ping", target: "db-01" })).status, 409);
});

test("checks start, change and end as their list does, and one that hangs holds up no other", async () => {
  const silent = createHttp(() => undefined);
  closing.push(() => silent.closeAllConnections());
  const hanging = `http://127.0.0.1:${await listenOn(silent)}`;
  const open = `127.0.0.1:${await listenOn(createTcp())}`;
  const frames: Frame[] = [];
  const runner = new CheckRunner((frame) => frames.push(frame));
  const fast = { ...check("tcp", open), id: 7, name: "open", intervalMs: 200 };
  const slow = { ...check("http", hanging, {}, 60_000), id: 8, name: "hangs", intervalMs: 200 };
  runner.use([fast, slow].map((definition) => ({ definition, trust: "administrator" })));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const count = () => frames.filter(({ source }) => source.name === "7").length;
  assert.ok(count() >= 3, String(count()));
  runner.use([]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const ended = count();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(count(), ended);
});

test("each run counts once in an uptime, however unequally the border of a step divides the span", async () => {
  const response = await create({ name: "Divided", kind: "http", target: "https://shop.example/divided" });
  const { id } = (await response.json()) as { id: number };
  const writer = new FrameWriter(db, new Registry(db));
  const week = 7 * DAY_MS;
  // Steps of a week begin at a whole number of them since 1970.
  const border = Math.floor((Date.now() - DAY_MS) / week) * week;
  const result = {
    up: true,
    reason: null,
    detail: "",
    durationMs: 20,
    phases: {},
    status: 200,
    certificateSeconds: null,
  };
  const definition = { id, name: "Divided", intervalMs: MINUTE_MS };
  const runs = Array.from({ length: 20 }, (_, n) =>
    checkFrame(definition, border - (n + 1) * MINUTE_MS, { ...result, up: false }),
  );
  const last = border + 60 * MINUTE_MS;
  await writer.appendAll(hostId, [...runs, checkFrame(definition, last, result)]);
  const { states = [] } = (await listCheckStates(db, last)).find(({ name }) => name === "Divided") ?? {};
  assert.ok(Math.abs((states[0]?.uptimeDay ?? 0) - 100 / 21) < 1e-9, String(states[0]?.uptimeDay));
});
