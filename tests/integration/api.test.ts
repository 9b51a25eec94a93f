import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encode } from "next-auth/jwt";
import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { openSession } from "#lib/access/sessions.ts";
import { issueSetupToken } from "#lib/access/setup.ts";
import { SESSION_COOKIE, sessionSecret } from "#lib/access/token.ts";
import { recordAnomalies } from "#lib/anomalies/record-anomalies.ts";
import { checkTrail } from "#lib/audit/check.ts";
import { createCheck } from "#lib/checks/checks.ts";
import { type Endpoint, rootOf } from "#lib/contract/endpoint.ts";
import { ENDPOINTS, endpointName, PROTOCOL_ENDPOINTS } from "#lib/contract/endpoints.ts";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import { may } from "#lib/contract/permissions.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import type { Problem } from "#lib/errors.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import { createInput } from "#lib/inputs/inputs.ts";
import { createReport } from "#lib/reports/compose.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import "../support/email.ts";
import { APP, callRoute, getRoute, ORIGIN, signInRoles } from "../support/api.ts";
import { EXPERIMENT, REQUESTS, SHOP_CHECK, SHOP_INPUT } from "../support/api-requests.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

let db: Database;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const { hostId, writer } = await addHost(db);
  for (const n of [2, 1, 0])
    await writer.append(
      frame(Date.now() - n * 5_000, [
        ["cpu.usage", 10 + n],
        ["network.receive.bytes", 100 - n, { interface: "eth0" }],
      ]),
    );
  const [cpu] = await listSeries(db, hostId, [{ metric: "cpu.usage" }]);
  const actor = { userId: null, now: Date.now() };
  await createCheck(db, SHOP_CHECK, { id: null, role: "admin" });
  await createInput(db, SHOP_INPUT, null);
  const experiment = await createExperiment(db, experimentSchema.parse(EXPERIMENT), actor);
  await moveExperiment(db, experiment, "start", actor);
  await createReport(db, { type: "full", from: Date.now() - 3_600_000, to: Date.now() }, actor);
  const at = Date.now() - 60_000;
  await recordAnomalies(
    db,
    hostId,
    [
      {
        ...{ seriesId: cpu?.id ?? 0, metric: "cpu.usage", series: "cpu.usage", source: "learned", type: "shift" },
        ...{
          detectedAt: at,
          lastAt: at,
          endedAt: null,
          direction: "up",
          severity: "warning",
          score: 0.6,
          evidence: 1.2,
        },
        ...{ confidence: 1, value: 90, expected: 10, deviation: 1, reason: "over the limit" },
      },
    ],
    60_000,
  );
});

/** /health is first: it asks for samples that are seconds old, and the walk may take longer. */
const ALL = [...ENDPOINTS, ...PROTOCOL_ENDPOINTS].toSorted(
  (a, b) => Number(b.path === "/health") - Number(a.path === "/health"),
);
const ROUTES = "{api/v1,prometheus,mcp,metrics}/**/route.ts";

test("every route on disk is described, and every description has its route", () => {
  const onDisk = globSync(ROUTES, { cwd: APP }).flatMap((file) => {
    const methods = readFileSync(join(APP, file), "utf8").matchAll(
      /export const (GET|POST|PATCH|PUT|DELETE) = serve(?:Export)?\(/g,
    );
    const path = file.replace(/\/route\.ts$/, "").replace(/\[(\w+)\]/g, "{$1}");
    return [...methods].map(([, method]) => `${method?.toLowerCase()} /${path}`);
  });
  const described = ALL.map((endpoint) => `${endpoint.method} ${rootOf(endpoint)}${endpoint.path}`);
  assert.deepEqual(onDisk.sort(), described.sort());
  const elsewhere = globSync("**/route.ts", {
    cwd: APP,
    exclude: (file) => /^(api|prometheus|mcp|metrics|agent)$/.test(file),
  });
  for (const file of elsewhere)
    assert.match(readFileSync(join(APP, file), "utf8"), /^export \{ [A-Z]+ \} from "#app\/api\/v1\/[^"]+";\n$/, file);
});

test("every route handler is made by serve, which asks for permission", () => {
  for (const file of globSync(ROUTES, { cwd: APP })) {
    const text = readFileSync(join(APP, file), "utf8");
    const exported = [...text.matchAll(/^export /gm)].length;
    assert.equal(
      [...text.matchAll(/^export const [A-Z]+ = serve(?:Export)?\(|^export const OPTIONS = preflight\(/gm)].length,
      exported,
      file,
    );
  }
});

test("every signed-in page asks for permission before anything else", () => {
  const pages = globSync("(portal)/**/page.tsx", { cwd: APP });
  assert.ok(pages.length >= 5);
  for (const page of pages) {
    const body = readFileSync(join(APP, page), "utf8").split("export default")[1] ?? "";
    assert.match(body.split("\n")[1] ?? "", /await permitPage\("/, page);
  }
});

for (const endpoint of ALL) {
  const isPrometheus = endpoint.protocol === "prometheus";
  const name = `${endpoint.method} ${isPrometheus && endpoint.root === undefined ? "/prometheus" : ""}${endpoint.path}`;
  test(`${name} answers the roles that hold ${endpoint.permission}, and nobody else`, async () => {
    const { id, search = "", body, status } = REQUESTS[name] ?? {};
    for (const role of [undefined, ...ROLES]) {
      const response = await callRoute(endpoint, search, { id, role, body });
      const allowed = may(role, endpoint.permission);
      const refused = role === undefined ? 401 : 403;
      if (allowed)
        assert.equal(
          response.status,
          status ?? endpoint.status ?? (endpoint.response ? 200 : 204),
          `${role}: ${await response.text()}`,
        );
      else assert.equal(response.status, refused, String(role));
      const format = isPrometheus ? "application/json" : "application/problem+json";
      const rawFormat = endpoint.protocol === "otlp" ? "application/json" : "text/plain; charset=utf-8";
      const failure = endpoint.raw ? rawFormat : format;
      if (!response.ok) assert.equal(response.headers.get("content-type"), failure);
      if (response.ok && endpoint.method !== "get" && endpoint.audit === undefined && role)
        await assertRecorded(endpoint, role);
      if (response.status === 403) await assertRecorded(endpoint, role, "denied: forbidden");
    }
  });
}

/** That what a role did, or was refused, is in the audit trail. */
async function assertRecorded(endpoint: Endpoint, role: Role | undefined, denial?: string): Promise<void> {
  const name = endpointName(endpoint);
  // At a public door nobody is signed in.
  const email = endpoint.permission === "public" || !role ? "" : `${role}@example.org`;
  const where = { email, ...(denial ? { action: denial, subject: name } : { action: name }) };
  assert.ok(await db.auditEvent.findFirst({ where }), `${JSON.stringify(where)} is not in the audit trail`);
}

test("the trail says what was before and after, and no secret", async () => {
  const send = (method: Endpoint["method"], path: string, body: unknown, id?: string) =>
    callRoute({ method, path }, "", { role: "admin", body, id });
  const newest = async (action: string) =>
    (await db.auditEvent.findFirstOrThrow({ where: { action }, orderBy: { id: "desc" } })).details as Record<
      string,
      unknown
    >;
  await send("patch", "/settings", { retention_raw_days: 70 });
  await send("patch", "/settings", { retention_raw_days: 75 });
  const { address: _, ...change } = await newest("settings.update");
  assert.deepEqual(change, { "before.retention_raw_days": 70, "after.retention_raw_days": 75 });
  await send("put", "/insights/wording-key", { key: "sk-very-secret" });
  assert.equal((await newest("settings.saveWordingKey"))["after.key"], "(not shown)");
  const made = (await (
    await send("put", "/reports/templates", { name: "Doomed", section_names: ["capacity"] })
  ).json()) as { id: number };
  await send("delete", "/reports/templates/{id}", undefined, String(made.id));
  assert.equal((await newest("reportTemplates.remove"))["before.name"], "Doomed");
  const rows = await db.auditEvent.findMany();
  assert.doesNotMatch(JSON.stringify(rows), /very-secret|velvet otter|slt_/);
  assert.deepEqual((await checkTrail(db)).broken, null);
});

test("what another created is deleted by its creator and by those who manage reports, and an attempt leaves a trace", async () => {
  const make = async (role: Role) => {
    const body = { type: "executive", from: "now-1h" };
    const made = await callRoute({ method: "post", path: "/reports" }, "", { role, body });
    return String(((await made.json()) as { id: number }).id);
  };
  const remove = async (role: Role, id: string) =>
    (await callRoute({ method: "delete", path: "/reports/{id}" }, "", { role, id })).status;
  const [admins, analysts] = [await make("admin"), await make("analyst")];
  assert.deepEqual([await remove("analyst", admins), await remove("engineer", analysts)], [403, 403]);
  assert.ok(
    await db.auditEvent.findFirst({
      where: { action: "denied: forbidden", subject: "reports.remove", email: "analyst@example.org" },
    }),
  );
  assert.deepEqual([await remove("analyst", analysts), await remove("operator", admins)], [204, 204]);
});

test("who reads the trail is in it, and a wrong token is, once for many tries", async () => {
  await getRoute("/audit", "", "admin");
  assert.ok(await db.auditEvent.findFirst({ where: { action: "audit.list", email: "admin@example.org" } }));
  const before = await db.auditEvent.count({ where: { action: "denied: unauthenticated" } });
  for (let n = 0; n < 20; n++)
    await callRoute({ method: "get", path: "/hosts" }, "", {
      headers: { authorization: `Bearer slt_${n}`, "x-sightline-peer": "198.51.100.99" },
    });
  assert.equal(await db.auditEvent.count({ where: { action: "denied: unauthenticated" } }), before + 1);
});

test("a forged cookie, one of another key, and one of a closed session are no sign-in", async () => {
  const user = await db.user.findFirstOrThrow({ where: { role: "viewer" } });
  const sid = await openSession(db, user.id, { userAgent: "t", address: "a" });
  const mint = (secret: string, claims: Record<string, string>) => encode({ token: claims, secret });
  const ask = async (token: string) =>
    (await callRoute({ method: "get", path: "/hosts" }, "", { headers: { cookie: `${SESSION_COOKIE}=${token}` } }))
      .status;
  assert.equal(await ask(await mint(sessionSecret(), { sid })), 200);
  assert.equal(await ask(await mint("another secret", { sid })), 401);
  assert.equal(await ask(await mint(sessionSecret(), { sub: user.id, role: "admin" })), 401);
  assert.equal(await ask("nonsense"), 401);
  await db.session.delete({ where: { id: sid } });
  assert.equal(await ask(await mint(sessionSecret(), { sid })), 401);
});

test("a change that comes from a page of another site is refused", async () => {
  const patch = { method: "patch" as const, path: "/settings" };
  const send = (origin: string) =>
    callRoute(patch, "", { role: "admin", body: { collection_interval: 5 }, headers: { origin } });
  assert.equal((await send("http://evil.example")).status, 403);
  assert.equal((await send("null")).status, 403);
  assert.equal((await send(ORIGIN)).status, 200);
});

test("what is wrong with a request is named by field, and nothing is written", async () => {
  const problem = async (response: Response) => {
    const { type, errors } = (await response.json()) as Problem;
    return [response.status, type, errors?.map((e) => e.field)];
  };
  const patch = (body: unknown) => callRoute({ method: "patch", path: "/settings" }, "", { role: "admin", body });
  assert.deepEqual(await problem(await patch({ collection_interval: 0, session_max_age_minutes: 9999999 })), [
    400,
    "/problems/validation",
    ["collection_interval", "session_max_age_minutes"],
  ]);
  assert.deepEqual(await problem(await patch("{")), [400, "/problems/validation", ["body"]]);
  assert.deepEqual(await problem(await patch({ nonsense: 1 })), [400, "/problems/validation", ["nonsense", "body"]]);
  assert.deepEqual(await problem(await getRoute("/metrics/query")), [400, "/problems/validation", ["series"]]);
  assert.deepEqual(await problem(await getRoute("/metrics/query", "?series=cpu.usage&from=yesterday")), [
    400,
    "/problems/validation",
    ["from"],
  ]);
  assert.deepEqual(await problem(await getRoute("/metrics/query", "?series=nope")), [
    404,
    "/problems/not-found",
    ["series"],
  ]);
  assert.deepEqual(await problem(await getRoute("/metrics/query", "?series=cpu.usage&step=1ms")), [
    422,
    "/problems/too-costly",
    ["step"],
  ]);
  assert.deepEqual(await problem(await getRoute("/hosts", "").then(() => getRoute("/metrics/current", "?host=99"))), [
    404,
    "/problems/not-found",
    ["host"],
  ]);
  assert.deepEqual(await db.setting.count({ where: { key: "session_max_age_minutes" } }), 0);
});

test("series are queried by name and by id, several at once, by time and step", async () => {
  const answer = (await (await getRoute("/metrics/query", "?series=cpu.usage&from=now-10m&step=5s")).json()) as {
    series: { id: number; points: unknown[] }[];
  };
  assert.equal(answer.series.length, 1);
  assert.equal(answer.series[0]?.points.length, 3);
  const id = answer.series[0]?.id;
  const two = (await (
    await getRoute("/metrics/query", `?series=${id}&series=network.receive.bytes&points=10&aggregate=max`)
  ).json()) as typeof answer;
  assert.deepEqual(
    two.series.map((s) => s.points.length > 0),
    [true, true],
  );
});

test("a password is guessed no faster through the account page", async () => {
  const response = await callRoute({ method: "post", path: "/account/password" }, "", {
    role: "viewer",
    body: { current: "", next: "short" },
  });
  assert.equal(response.status, 400);
});

test("the OpenAPI document describes every endpoint, with roles and problem details", () => {
  const document = openapiDocument("1.2.3") as unknown as {
    openapi: string;
    paths: Record<string, Record<string, { description: string; responses: object }>>;
  };
  assert.match(document.openapi, /^3\.1/);
  for (const { method, path, permission, agent, input } of ENDPOINTS) {
    const programs = agent ? /Agents, by the credential/ : input ? /Inputs of the kind/ : undefined;
    const openTo = permission === "public" ? /Open to anyone/ : (programs ?? /Roles: admin/);
    const operation = document.paths[path]?.[method];
    assert.ok(operation, `${method} ${path}`);
    assert.ok("default" in operation.responses);
    assert.match(operation.description, openTo);
  }
});

test("a database that is away is a 503 that says so, without its address", async () => {
  const { openDatabase } = await import("#lib/db/client.ts");
  const shared = globalThis as { sightlineDatabase?: Database };
  const real = shared.sightlineDatabase;
  shared.sightlineDatabase = openDatabase("postgresql://user:secret@127.0.0.1:9/none");
  const response = await getRoute("/hosts");
  if (real) shared.sightlineDatabase = real;
  const text = await response.text();
  assert.equal(response.status, 503, text);
  assert.match(text, /database does not answer/);
  assert.doesNotMatch(text, /secret|127\.0\.0\.1/);
});

test("set-up over the API is closed once there is an account", async () => {
  const token = await issueSetupToken(db);
  const response = await callRoute({ method: "post", path: "/setup" }, "", {
    body: { ...(REQUESTS["post /setup"]?.body as object), token },
  });
  assert.equal(response.status, 409);
});
