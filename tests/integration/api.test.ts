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
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import { ENDPOINTS, endpointName } from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import type { Problem } from "#lib/errors.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import { createReport } from "#lib/reports/compose.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import "../support/email.ts";
import { APP, callRoute, getRoute, ORIGIN, signInRoles } from "../support/api.ts";
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
  const experiment = await createExperiment(db, experimentSchema.parse(EXPERIMENT), actor);
  await moveExperiment(db, experiment, "start", actor);
  await createReport(db, { type: "full", from: Date.now() - 3_600_000, to: Date.now() }, actor);
  const at = Date.now() - 60_000;
  await recordAnomalies(
    db,
    hostId,
    [
      {
        ...{ seriesId: cpu?.id ?? 0, metric: "cpu.usage", series: "cpu.usage", source: "threshold", type: "threshold" },
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

const EXPERIMENT = {
  key: "checkout",
  name: "Checkout",
  variants: [{ key: "a" }, { key: "b" }],
  metrics: [{ key: "orders", role: "primary", kind: "proportion", event: "order" }],
};

/** A request that each endpoint would accept, as far as permission goes. */
const REQUESTS: Record<string, { id?: string; search?: string; body?: unknown; status?: number }> = {
  "get /metrics/query": { search: "?series=cpu.usage" },
  "post /publishable-keys": {
    body: { name: "shop", experiments: ["checkout"], origins: ["https://shop.example"] },
  },
  "delete /publishable-keys/{id}": { id: "2147483647", status: 404 },
  "put /detection/overrides": {
    body: { host_id: 0, metric: "x.y", enabled: null, sensitivity: 3, threshold: null, seasonal: null },
  },
  "get /detection/preview": { search: "?metric=cpu.usage&days=1" },
  "get /forecasts": { search: "?series=1" },
  "patch /insights/recommendations": { body: { key: "none", status: "done" }, status: 404 },
  "get /insights/wording": { search: "?key=none", status: 404 },
  "put /insights/wording-key": { body: { key: "" } },
  "get /insights/compare": { search: "?at=now-1h" },
  "post /annotations": { body: { text: "deployed 1.2.3", kind: "deploy" } },
  "get /anomalies/{id}": { id: "1" },
  "get /anomalies/{id}/score": { id: "1" },
  "get /incidents/{id}": { id: "1" },
  "delete /annotations/{id}": { id: "999", status: 404 },
  "patch /anomalies/{id}": {
    id: "1",
    body: { status: "acknowledged" },
  },
  "patch /incidents/{id}": {
    id: "1",
    body: { status: "resolved" },
  },
  "post /experiments": { body: EXPERIMENT, status: 409 },
  "get /experiments/{id}": { id: "checkout" },
  "put /experiments/{id}": { id: "checkout", body: EXPERIMENT, status: 409 },
  "patch /experiments/{id}": { id: "checkout", body: { reason: "a clearer name", name: "The checkout" } },
  "post /experiments/{id}/status": { id: "checkout", body: { action: "start" }, status: 409 },
  "get /experiments/{id}/history": { id: "checkout" },
  "get /experiments/{id}/results": { id: "checkout" },
  "get /experiments/{id}/timeline": { id: "checkout", search: "?metric=orders" },
  "get /experiments/{id}/dimensions": { id: "checkout" },
  "get /experiments/{id}/verdict": { id: "checkout" },
  "post /experiments/{id}/assign": { id: "checkout", body: { subject: "u1" } },
  "post /experiments/{id}/exposures": { id: "checkout", body: { exposures: [{ subject: "u2", variant: "b" }] } },
  "post /experiments/events": { body: { events: [{ id: "e1", subject: "u1", metric: "order" }] } },
  "post /account/tokens": { body: { name: "deploys", days: 30, scopes: ["metrics:read"] } },
  "post /accounts": { body: { email: "admin@example.org", role: "viewer" }, status: 409 },
  "patch /accounts/{id}": { body: { name: "Nobody" }, status: 404 },
  "delete /accounts/{id}": { status: 404 },
  "post /accounts/{id}/reset": { body: {}, status: 404 },
  "delete /accounts/tokens/{id}": { status: 404 },
  "post /account-links/read": { body: { token: "forged" }, status: 403 },
  "post /account-links/accept": { body: { token: "forged", password: "velvet otter piano 42" }, status: 403 },
  "delete /account/tokens/{id}": { status: 404 },
  "get /exports/samples": { search: "?series=cpu.usage&from=now-1h" },
  "get /exports/experiments/{id}": { id: "checkout" },
  "post /alerts/rules": {
    body: { name: "CPU", series: "cpu.usage", condition: { kind: "threshold", operator: ">", level: 90 } },
  },
  "put /alerts/rules/{id}": {
    id: "999",
    body: { name: "CPU", series: "cpu.usage", condition: { kind: "absence" } },
    status: 404,
  },
  "delete /alerts/rules/{id}": { id: "999", status: 404 },
  "post /alerts/channels": { body: { name: "Ops", kind: "slack", settings: { url: "https://hooks.slack.com/x" } } },
  "put /alerts/channels/{id}": {
    id: "999",
    body: { name: "Ops", kind: "slack", settings: { url: "https://hooks.slack.com/x" } },
    status: 404,
  },
  "delete /alerts/channels/{id}": { id: "999", status: 404 },
  "post /alerts/channels/{id}/test": { id: "999", status: 404 },
  "post /alerts/silences": {
    body: { matchers: 'host="db-01"', comment: "moving", ends_at: new Date(Date.now() + 3_600_000).toISOString() },
  },
  "delete /alerts/silences/{id}": { id: "999", status: 404 },
  "post /alerts/{id}/acknowledge": { id: "999", search: "?host=1", body: {}, status: 404 },
  "get /reports/{id}": { id: "1" },
  "get /exports/reports/{id}": { id: "1" },
  "post /exports/jobs": { body: { format: "csv", request: { kind: "hosts" } } },
  "delete /exports/jobs/{id}": { id: "999", status: 404 },
  "get /exports/files/{token}": { id: "forged", status: 404 },
  "post /reports": { body: { type: "executive", from: "now-1h" } },
  "get /reports/{id}/diff": { id: "1" },
  "put /reports/templates": { body: { id: 999, name: "Mine", section_names: ["capacity"] }, status: 404 },
  "delete /reports/templates/{id}": { id: "999", status: 404 },
  "post /reports/preview": { body: { type: "executive", from: "now-1h" } },
  "get /reports/{id}/share": { id: "1" },
  "delete /reports/shares/{id}": { status: 404 },
  "post /reports/{id}/share": { id: "1", body: {} },
  "get /reports/{id}/pdf": { id: "999", status: 404 },
  "delete /reports/{id}": { id: "999", status: 404 },
  "post /reports/schedules": {
    body: { name: "Weekly", type: "executive", cron: "0 7 * * 1", recipients: ["bo@example.org"] },
    // There is no mail server.
    status: 409,
  },
  "delete /reports/schedules/{id}": { id: "999", status: 404 },
  "post /reports/schedules/{id}/send": { id: "999", status: 404 },
  "post /unsubscribe": { search: "?token=forged", status: 400 },
  "put /settings/mail-server": { body: { url: "" } },
  "patch /settings": { body: { collection_interval: 5 } },
  "post /account/password": { body: { current: "x", next: "velvet otter piano 42" }, status: 400 },
  "post /setup": {
    body: { token: "x", name: "x", email: "x@example.org", password: "velvet otter piano 42" },
    status: 409,
  },
};

test("every route on disk is described, and every description has its route", () => {
  const onDisk = globSync("api/v1/**/route.ts", { cwd: APP }).flatMap((file) => {
    const methods = readFileSync(join(APP, file), "utf8").matchAll(
      /export const (GET|POST|PATCH|PUT|DELETE) = serve(?:Export)?\(/g,
    );
    const path = file.replace(/^api\/v1|\/route\.ts$/g, "").replace(/\[(\w+)\]/g, "{$1}");
    return [...methods].map(([, method]) => `${method?.toLowerCase()} ${path}`);
  });
  assert.deepEqual(onDisk.sort(), ENDPOINTS.map((e) => `${e.method} ${e.path}`).sort());
});

test("every route handler is made by serve, which asks for permission", () => {
  for (const file of globSync("api/v1/**/route.ts", { cwd: APP })) {
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

for (const endpoint of ENDPOINTS) {
  const name = `${endpoint.method} ${endpoint.path}`;
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
      if (!response.ok) assert.equal(response.headers.get("content-type"), "application/problem+json");
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
  await send("patch", "/settings", { threshold_cpu_percent: 70 });
  await send("patch", "/settings", { threshold_cpu_percent: 75 });
  const { address: _, ...change } = await newest("settings.update");
  assert.deepEqual(change, { "before.threshold_cpu_percent": 70, "after.threshold_cpu_percent": 75 });
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
  const answer = (await (await getRoute("/metrics/query", "?series=cpu.usage&from=now-1m&step=5s")).json()) as {
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
  for (const { method, path, permission } of ENDPOINTS) {
    const operation = document.paths[path]?.[method];
    assert.ok(operation, `${method} ${path}`);
    assert.ok("default" in operation.responses);
    assert.match(operation.description, permission === "public" ? /Open to anyone/ : /Roles: admin/);
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
