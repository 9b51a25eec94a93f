import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import { addAnnotation } from "#lib/annotations/annotations.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { RouteServer } from "../support/route-server.ts";

let db: Database;
let hostId: number;
const portal = new RouteServer();
const closing: (() => Promise<unknown>)[] = [];
const NOW = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  await portal.open();
  ({ id: hostId } = await db.host.create({
    data: {
      machineId: "shop-db",
      name: "shop-db",
      hostname: "shop-db",
      system: { os: "Debian 12" },
      tags: ["env:prod"],
    },
  }));
  const frames = Array.from({ length: 60 }, (_, n) => ({
    source: { kind: "host", name: "" },
    at: NOW - (59 - n) * MINUTE_MS,
    intervalMs: MINUTE_MS,
    readings: [
      {
        metric: "cpu.usage",
        labels: {},
        value: n,
        unit: "percent",
        kind: "gauge" as const,
        help: "Share of all cores",
      },
    ],
  }));
  await new FrameWriter(db, new Registry(db)).appendAll(hostId, frames);
  const { id } = await db.user.findFirstOrThrow({ where: { role: "operator" } });
  await addAnnotation(db, { at: new Date(NOW - 5 * MINUTE_MS), kind: "deploy", text: "shop 4.2", hostId }, id);
});

after(async () => {
  for (const close of closing.reverse()) await close();
  await portal.close();
});

const ALL: Permission[] = [
  ...(["mcp:use", "hosts:read", "metrics:read", "anomalies:read", "alerts:read", "checks:read", "slos:read"] as const),
  ...(["databases:read", "insights:read", "experiments:read", "reports:read"] as const),
];
let users = 0;

/** The SDK's own client with an API token of some scopes. */
async function connect(scopes: Permission[] = ALL): Promise<Client> {
  users += 1;
  const user = await createUser(db, {
    email: `mcp-${users}@example.org`,
    password: "velvet otter piano 42",
    role: "viewer",
  });
  const { token } = await createToken(db, user, { name: "assistant", days: 1, scopes });
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${portal.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  closing.push(() => client.close());
  return client;
}

type Result = { content: { type: string; text: string }[]; isError?: boolean };

async function call(client: Client, name: string, input: object = {}) {
  const { content, isError } = (await client.callTool({ name, arguments: { ...input } })) as Result;
  const text = content[0]?.text ?? "";
  return { isError: isError ?? false, text, json: isError ? {} : (JSON.parse(text) as Record<string, never>) };
}

test("an assistant sees only the tools that its token's scopes allow, all of them read", async () => {
  const client = await connect(["mcp:use", "metrics:read"]);
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name).sort(), ["explain_window", "list_metrics", "query", "query_range"]);
  assert.ok(tools.every(({ annotations }) => annotations?.readOnlyHint));
  const { isError, text } = await call(client, "list_hosts");
  assert.deepEqual([isError, /not found/.test(text)], [true, true]);
  assert.deepEqual(
    (await (await connect(["mcp:use"])).listTools()).tools,
    [],
    "a token that reads nothing has no tools",
  );
});

test("the documentation lists every tool with its scope", async () => {
  const rows = [...readFileSync("docs/assistants.md", "utf8").matchAll(/^\| `(\w+)`\s+\| `([\w:]+)`/gm)];
  const { tools } = await (await connect()).listTools();
  assert.deepEqual(rows.map(([, name]) => name).sort(), tools.map(({ name }) => name).sort());
  for (const [, name, scope] of rows) {
    const { tools: seen } = await (await connect(["mcp:use", scope as Permission])).listTools();
    assert.ok(
      seen.some((tool) => tool.name === name),
      `${name} with ${scope}`,
    );
  }
});

test("what a tool reads is refused where the token lacks its scope, and the rest of the answer is there", async () => {
  const client = await connect(["mcp:use", "metrics:read"]);
  const { json } = await call(client, "explain_window", { host: hostId });
  const { alerts, processes } = json as unknown as { alerts: { error: string }; processes: { groups: unknown[] } };
  assert.match(alerts.error, /does not hold alerts:read/);
  assert.deepEqual(processes.groups, []);
});

test("without a token, with a wrong one and without mcp:use nothing is answered", async () => {
  await assert.rejects(connect(["metrics:read"]), /mcp:use/);
  const message = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  for (const headers of [{}, { authorization: "Bearer slt_forged" }] as Record<string, string>[]) {
    const body = JSON.stringify(message);
    assert.equal((await fetch(`${portal.url}/mcp`, { method: "POST", headers, body })).status, 401);
  }
  const other = { origin: "https://evil.example", "content-type": "application/json" };
  const cross = await fetch(`${portal.url}/mcp`, { method: "POST", headers: other, body: JSON.stringify(message) });
  assert.equal(cross.status, 403, "no page of another site reaches it by a browser");
});

test("hosts, metrics, an instant, a range and the events of a window come with links to their pages", async () => {
  const client = await connect();
  const { hosts } = (await call(client, "list_hosts", { search: "env:PROD" })).json as unknown as {
    hosts: { id: number; page: string }[];
  };
  assert.deepEqual(
    hosts.map(({ id }) => id),
    [hostId],
  );
  assert.match(hosts[0]?.page ?? "", new RegExp(`^http.*/hosts/${hostId}$`));
  const { metrics } = (await call(client, "list_metrics", { search: "share of all" })).json as unknown as {
    metrics: { name: string; type: string; unit: string }[];
  };
  assert.deepEqual(metrics[0], { name: "cpu_usage", type: "gauge", help: "Share of all cores", unit: "percent" });
  const instant = (await call(client, "query", { expression: "cpu_usage", time: new Date(NOW).toISOString() })).json;
  assert.match(JSON.stringify(instant), /"host":"shop-db".*"59"/);
  const range = await call(client, "query_range", {
    expression: "cpu_usage",
    from: new Date(NOW - 30 * MINUTE_MS).toISOString(),
    to: new Date(NOW).toISOString(),
    points: 31,
  });
  const { series } = range.json as unknown as {
    series: { first: number; last: number; mean: number; points: unknown[] }[];
  };
  assert.deepEqual([series[0]?.first, series[0]?.last, series[0]?.points.length], [29, 59, 31]);
  assert.ok(Math.abs((series[0]?.mean ?? 0) - 44) < 1e-9);
  const window = (await call(client, "explain_window", { host: hostId })).json as unknown as {
    events: { text: string }[];
  };
  assert.deepEqual(
    window.events.map(({ text }) => text),
    ["shop 4.2"],
  );
});

test("every tool answers an empty portal, and wrong input is answered in words", async () => {
  const client = await connect();
  for (const name of [
    "list_incidents",
    "list_alerts",
    "list_checks",
    "list_slos",
    "list_databases",
    "list_experiments",
    "list_reports",
  ])
    assert.equal((await call(client, name)).isError, false, name);
  assert.equal((await call(client, "get_host", { host: hostId })).isError, false);
  for (const [name, input, words] of [
    ["query", { expression: "sum(" }, /parse error/],
    ["query", { expression: "cpu_usage", time: "yesterday" }, /not an instant/],
    ["query_range", { expression: "cpu_usage", from: "now", to: "now-1h" }, /before|after|later|earlier/],
    ["get_incident", { host: hostId, incident: 999 }, /no incident/i],
    ["get_report", { report: 999 }, /no report/i],
    ["experiment_verdict", { experiment: "none" }, /no experiment/i],
    ["get_host", { host: -1 }, /host/],
    ["get_host", { host: 999 }, /no host 999/],
    ["explain_window", { host: 999 }, /no host 999/],
    ["explain_window", { host: hostId, from: "now-25h" }, /at most 24 h/],
    ["query", {}, /expression/],
  ] as const) {
    const { isError, text } = await call(client, name, input);
    assert.equal(isError, true, `${name}: ${text}`);
    assert.match(text, words);
    assert.doesNotMatch(text, /node_modules|prisma/);
  }
});

test("an answer stays short however much there is, and says what was left off", async () => {
  const readings = Array.from({ length: 3_000 }, (_, n) => ({
    metric: "queue.depth",
    labels: { queue: `q${n}`.padEnd(60, "x") },
    value: n,
  }));
  const frame = { source: { kind: "app", name: "queues" }, at: NOW, intervalMs: MINUTE_MS, readings };
  await new FrameWriter(db, new Registry(db)).appendAll(hostId, [frame]);
  const client = await connect();
  const { text, json } = await call(client, "query", { expression: "queue_depth" });
  assert.ok(text.length <= 40_000, String(text.length));
  const { left_off, result } = json as unknown as { left_off: { result: number }; result: unknown[] };
  assert.equal(left_off.result + result.length, 3_000);
  const range = (await call(client, "query_range", { expression: "queue_depth" })).json as unknown as {
    series: unknown[];
    series_left_off: number;
  };
  assert.equal(range.series.length + range.series_left_off, 3_000);
});

test("what the protocol does not know and what is no message is answered as an error of the protocol", async () => {
  const user = await createUser(db, { email: "raw@example.org", password: "velvet otter piano 42", role: "viewer" });
  const { token } = await createToken(db, user, { name: "raw", days: 1, scopes: ["mcp:use"] });
  const post = (body: string) =>
    fetch(`${portal.url}/mcp`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
  for (const body of ["", "{", "null", '"x"', "{}", '{"jsonrpc":"2.0","id":1,"method":"no/such"}', "[[]]"]) {
    const response = await post(body);
    assert.ok(response.status < 500, `${body}: ${response.status}`);
    assert.match(await response.text(), /error|problem/i, body);
  }
  assert.equal((await fetch(`${portal.url}/mcp`, { headers: { authorization: `Bearer ${token}` } })).status, 405);
});
