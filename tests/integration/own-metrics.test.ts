import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { createToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import { machineId } from "#lib/collect/host.ts";
import type { Database } from "#lib/db/client.ts";
import { registerHost } from "#lib/hosts/hosts.ts";
import { sendJob } from "#lib/jobs/queue.ts";
import { runDueJobs } from "#lib/jobs/worker.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { signInRoles } from "../support/api.ts";
import { frame, freshDatabase } from "../support/database.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { eventually } from "../support/eventually.ts";
import { RouteServer } from "../support/route-server.ts";

const missing = await missingDebianPrometheus();
const skip = missing ?? false;

let db: Database;
let token: string;
const portal = new RouteServer();

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const user = await createUser(db, {
    email: "grafana@example.org",
    name: "Grafana",
    password: "correct horse battery staple 42",
    role: "viewer",
  });
  token = (await createToken(db, user, { name: "scrape", days: 1, scopes: ["metrics:read"] })).token;
  const hostId = await registerHost(db, { machineId: await machineId(), name: "portal", system: {} });
  await new FrameWriter(db, new Registry(db)).append(
    hostId,
    frame(Date.now() - 1_000, [
      ["cpu.usage", 42.5],
      ["network.receive.bytes", 9007199254740991, { interface: 'e"th\\0\n' }],
    ]),
  );
  await portal.open();
});
after(() => portal.close());

const scrape = (headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(`${portal.url}/metrics`, { headers });

test("nobody reads the portal's metrics without a token, and each that may sees requests, pools and the host", async () => {
  assert.equal((await scrape({})).status, 401);
  assert.equal((await scrape({ authorization: "Bearer slt_none" })).status, 401);
  const text = await (await scrape()).text();
  assert.match(text, /^# TYPE http_server_request_duration histogram$/m);
  assert.match(
    text,
    /http_server_request_duration_count\{.*http_response_status_code="401".*http_route="\/metrics",process="web"\} 2/,
  );
  assert.match(text, /^sightline_pool_wait_duration_bucket\{le="\+Inf",pool=/m);
  assert.match(text, /^cpu_usage 42.5$/m);
  assert.match(text, /^network_receive_bytes_total\{interface="e\\"th\\\\0\\n"\} 9007199254740991$/m);
});

test("how long jobs took is counted by their queue and outcome", async () => {
  await sendJob(db, "export", { key: "one", payload: {} });
  await runDueJobs(db, "export", { run: () => Promise.resolve() });
  assert.match(
    await (await scrape()).text(),
    /^sightline_job_duration_count\{process="web",queue="export",status="done"\} 1$/m,
  );
});

test("promtool finds nothing wrong with the metrics", { skip }, async () => {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: await (await scrape()).text(),
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});

test("OpenMetrics ends as it must, and counters have their suffix in both formats", async () => {
  const open = await scrape({ authorization: `Bearer ${token}`, accept: "application/openmetrics-text;version=1.0.0" });
  assert.match(open.headers.get("content-type") ?? "", /openmetrics/);
  const text = await open.text();
  assert.ok(text.endsWith("# EOF\n"));
  assert.match(text, /^# TYPE network_receive_bytes counter$/m);
  assert.match(text, /^network_receive_bytes_total\{/m);
});

test("Debian's prometheus scrapes the portal", { skip }, async () => {
  const prometheus = await DebianPrometheus.start(
    () => `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: sightline
    authorization: { credentials: ${token} }
    static_configs: [{ targets: ["${portal.url.replace("http://", "")}"] }]
`,
  );
  try {
    const isScraped = async () =>
      JSON.stringify(await prometheus.ask("query", { query: "cpu_usage" })).includes('"42.5"');
    await eventually(isScraped, 20, "no value was scraped");
  } finally {
    prometheus.remove();
  }
});
