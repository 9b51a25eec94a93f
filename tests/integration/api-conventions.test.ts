import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { z } from "zod";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";
import { definition, sourceOf } from "#lib/contract/wire.ts";
import { wireSchema } from "#lib/contract/wire-schema.ts";
import type { Database } from "#lib/db/client.ts";
import type { Problem } from "#lib/errors.ts";
import { readSettings } from "#lib/settings/store.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

let db: Database;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
});

const problemOf = async (response: Response) => {
  const { errors, detail } = (await response.json()) as Problem;
  return { status: response.status, fields: errors?.map(({ field }) => field), detail };
};

/** The keys of all objects within a schema that have names of their own. */
function keysOf(schema: z.ZodType, keys = new Set<string>()): Set<string> {
  const def = definition(schema);
  const parts = [def.innerType, def.element, def.rest, def.valueType, def.left, def.right, def.catchall];
  if (def.type === "object")
    for (const [key, part] of Object.entries((schema as z.ZodObject).shape)) {
      keys.add(key);
      parts.push(part as z.ZodType);
    }
  if (def.type === "pipe") parts.push(sourceOf(def));
  for (const part of [...parts, ...(def.items ?? []), ...(def.options ?? [])]) if (part) keysOf(part, keys);
  return keys;
}

test("all JSON and all parameters of the API are snake_case", () => {
  for (const { method, path, params, query, body, response } of ENDPOINTS as Endpoint[])
    for (const schema of [params, query, body, response])
      for (const key of schema ? keysOf(wireSchema(schema)) : [])
        assert.match(key, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, `${method} ${path}`);
});

test("an answer has no keys but those that are described: what is left open would go out in other names", () => {
  const isOpen = (schema: z.ZodType): boolean => {
    const { type, catchall, innerType, element, items, valueType, options } = definition(schema);
    const shape = type === "object" ? Object.values((schema as z.ZodObject).shape) : [];
    const parts = [innerType, element, valueType, ...(items ?? []), ...(options ?? []), ...shape] as z.ZodType[];
    return (
      (catchall !== undefined && definition(catchall).type !== "never") || parts.some((part) => part && isOpen(part))
    );
  };
  const open = (ENDPOINTS as Endpoint[]).filter(({ response }) => response && isOpen(response));
  // Its keys are OpenAPI's own.
  assert.deepEqual(
    open.map(({ path }) => path),
    ["/openapi.json"],
  );
});

/** What endpoints answer without a host: of all of them, or of one. */
const OF_ALL_HOSTS = [
  "/anomalies",
  "/anomalies/timeline",
  "/incidents",
  "/post-mortems",
  "/alerts",
  "/annotations",
  "/exports/anomalies",
  "/exports/incidents",
  "/exports/alerts",
  "/databases",
  "/applications",
  "/catalogue",
  "/metrics/expression",
  "/integrations",
];
/** Ids are numbers but for those of traces. */
const idFor = (path: string, number = "1"): string => (path.startsWith("/traces/") ? "0".repeat(32) : number);

const SEARCH: Record<string, string> = {
  "/metrics/query": "?series=cpu.usage",
  "/metrics/expression": "?expression=cpu_usage",
  "/catalogue/metric": "?name=cpu.usage&kind=gauge",
  "/detection/preview": "?metric=cpu.usage&days=1",
  "/forecasts": "?series=1",
  "/applications/operations": "?service=shop",
  "/applications/history": "?service=shop",
  "/applications/latency": "?service=shop",
  "/applications/signals": "?service=shop",
  "/databases/{id}/statements/history": "?query=1",
  "/insights/wording": "?key=none",
  "/insights/compare": "?at=now-1h",
  "/exports/samples": "?series=cpu.usage&from=now-1h",
  "/exports/expression": "?query=cpu_usage&from=now-1h",
};

test("without a host an answer is of all hosts; where it can be of one only, none is chosen among several", async () => {
  const takesHost = ENDPOINTS.filter(({ method, query }) => method === "get" && query && "host" in query.shape);
  assert.ok(takesHost.length >= 15);
  for (const name of ["one", "two"]) {
    const { writer } = await addHost(db, name);
    await writer.append(frame(Date.now(), [["cpu.usage", 1]]));
  }
  for (const { path, method } of takesHost) {
    const response = await callRoute({ method, path }, SEARCH[path] ?? "", { role: "admin", id: idFor(path) });
    if (OF_ALL_HOSTS.includes(path)) {
      assert.equal(response.status, 200, path);
      continue;
    }
    const { status, fields, detail } = await problemOf(response);
    assert.deepEqual([status, fields], [400, ["host"]], path);
    assert.match(detail, /several hosts: name one, GET \/api\/v1\/hosts/, path);
  }
});

test("settings are changed by their names of before too; by both names at once they are refused", async () => {
  const patch = (body: object) => callRoute({ method: "patch", path: "/settings" }, "", { role: "admin", body });
  const answer = (await (
    await patch({ retention_period: 30, retention_minutes: 70, session_rotation: 9 })
  ).json()) as object;
  const expected = { retention_raw_days: 30, retention_minute_days: 70, session_rotation_minutes: 9 };
  assert.deepEqual({ ...answer, ...expected }, answer);
  const both = await problemOf(await patch({ retention_period: 40, retention_raw_days: 50 }));
  assert.deepEqual([both.status, both.fields], [400, ["retention_period"]]);
  assert.equal((await problemOf(await patch({ retention_period: 0 }))).fields?.[0], "retention_raw_days");
  assert.equal((await readSettings(db)).retention_raw_days, 30);
  const current = (await (await getRoute("/settings", "", "admin")).json()) as object;
  assert.ok(!("retention_period" in current));
});

const reads = (ENDPOINTS as Endpoint[]).filter(({ method }) => method === "get");

const queryNames = ({ query }: Endpoint): string[] =>
  Object.keys((wireSchema(query ?? z.object({})) as z.ZodObject).shape);

test("no answer has a key that its endpoint does not describe, whatever its status", async () => {
  let answered = 0;
  for (const endpoint of reads) {
    const { path, response } = endpoint;
    const host = queryNames(endpoint).includes("host") ? "&host=1" : "";
    const answer = await getRoute(path, `${SEARCH[path] ?? "?"}${host}`, "admin");
    const isJson = /^application\/json/.test(answer.headers.get("content-type") ?? "");
    if (!response || !isJson || path === "/openapi.json" || path.startsWith("/exports/")) continue;
    const [json] = [await answer.json()].flat() as [object?];
    const keys = keysOf(wireSchema(response));
    for (const key of Object.keys(json ?? {})) assert.ok(keys.has(key), `${path} answers ${key}`);
    answered += 1;
  }
  assert.ok(answered >= 20, `${answered} answered`);
});

test("what no database row can be named by, or hold, is refused by its field and never an error of ours", async () => {
  const wrong: [search: string, field: string][] = [
    ["host=2147483648", "host"],
    ["from=0000-01-01T00:00:00Z&to=now", "from"],
    ["to=253402300800000", "to"],
    ["metric=%00", "metric"],
    ["series=cpu%00", "series"],
  ];
  for (const endpoint of reads) {
    const { path, params } = endpoint;
    if (params)
      assert.ok(
        (await callRoute({ method: "get", path }, "", { role: "admin", id: idFor(path, "2147483648") })).status < 500,
        path,
      );
    const names = queryNames(endpoint);
    for (const [search, field] of wrong.filter(([, name]) => names.includes(name))) {
      const others = `${SEARCH[path] ?? "?"}${field === "host" || !names.includes("host") ? "" : "&host=1"}`;
      const answer = await problemOf(
        await callRoute({ method: "get", path }, `${others}&${search}`, { role: "admin", id: idFor(path) }),
      );
      assert.equal(answer.status, 400, `${path}?${search}: ${answer.detail}`);
      assert.ok(
        answer.fields?.some((name) => name.startsWith(field)),
        `${path}?${search}: ${answer.fields}`,
      );
    }
  }
});

test("a field or parameter that no endpoint describes is refused by its name, also by its name in TypeScript", async () => {
  for (const endpoint of (ENDPOINTS as Endpoint[]).filter(({ query }) => query)) {
    const id = endpoint.path.startsWith("/accounts") ? randomUUID() : idFor(endpoint.path);
    const answer = await problemOf(await callRoute(endpoint, "?frm=now-1h", { role: "admin", id }));
    assert.deepEqual(
      [answer.status, answer.fields?.includes("frm")],
      [400, true],
      `${endpoint.method} ${endpoint.path}`,
    );
  }
  const bodies: [Pick<Endpoint, "method" | "path">, object, string][] = [
    [{ method: "post", path: "/annotations" }, { text: "release", hostId: 2 }, "hostId"],
    [{ method: "post", path: "/reports" }, { type: "executive", hostIds: [2] }, "hostIds"],
    [{ method: "put", path: "/detection/overrides" }, { metric: "cpu.usage", limit: 1 }, "limit"],
    [
      { method: "post", path: "/experiments/events" },
      { events: [{ id: "1", subject: "a", metric: "b", val: 7 }] },
      "events.0.val",
    ],
  ];
  for (const [endpoint, body, field] of bodies) {
    const answer = await problemOf(await callRoute(endpoint, "", { role: "admin", body }));
    assert.deepEqual([answer.status, answer.fields?.includes(field)], [400, true], answer.detail);
  }
});

test("what is wrong is said with its remedy, in words of ours", async () => {
  const detail = async (search: string) => (await problemOf(await getRoute("/metrics/query", search))).detail;
  assert.match(await detail("?host=abc&series=cpu.usage"), /^host: Enter a number/);
  assert.match(await detail(""), /^series: Required\. Use a list/);
  assert.match(await detail("?series=a&aggregate=mean"), /^aggregate: Use one of: avg, min/);
  for (const from of ["foo 1", "12/1", "-1", "now-99999999999d"])
    assert.match(await detail(`?host=1&series=cpu.usage&from=${encodeURIComponent(from)}`), /instant|duration/, from);
  assert.match(await detail("?host=1&series=cpu.usage&step=99999999999d"), /step: .*is not a duration/);
});
