import assert from "node:assert/strict";
import { before, test } from "node:test";
import { listCatalogue } from "#lib/catalogue/list-metrics.ts";
import { readMetric } from "#lib/catalogue/read-metric.ts";
import type { Database } from "#lib/db/client.ts";
import { removeInput } from "#lib/inputs/inputs.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";
import { readIntegrationStates } from "#lib/integrations/read-states.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { addInput } from "../support/inputs.ts";

const NOW = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const DEFAULTS = { search: "", sort: "name", order: "asc", limit: 100, offset: 0 } as const;

let db: Database;
let hostId: number;

const names = async (query: Partial<Parameters<typeof listCatalogue>[1]>) =>
  (await listCatalogue(db, { ...DEFAULTS, ...query }, NOW)).metrics.map(({ name }) => name);

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const { writer, ...host } = await addHost(db, "db-01");
  hostId = host.hostId;
  await writer.append(
    frame(NOW - 10 * SECOND_MS, [
      ["cpu.usage", 12],
      ["disk.usage", 40, { mount: "/" }],
      ["disk.usage", 60, { mount: "/var" }],
      ["network.receive.bytes", 1_000, { interface: "eth0" }],
    ]),
  );
  await writer.append({
    source: { kind: "sightline", name: "web" },
    at: NOW - MINUTE_MS,
    intervalMs: MINUTE_MS,
    readings: ["_bucket", "_count", "_sum"].map((part) => ({
      ...{ metric: `http.server.request.duration${part}`, value: 3, kind: "histogram" as const },
      ...{ labels: part === "_bucket" ? { le: "1" } : ({} as Record<string, string>) },
      ...{ unit: part === "_sum" ? "seconds" : "count", help: "How long requests took" },
    })),
  });
});

test("each metric is there once, with its kind, unit, help, source, hosts, PromQL name and OpenTelemetry's name", async () => {
  const { total, metrics } = await listCatalogue(db, DEFAULTS, NOW);
  assert.equal(total, 4);
  assert.deepEqual(
    metrics.map(({ name, promql, kind, unit, series, sources }) => [name, promql, kind, unit, series, sources[0]]),
    [
      ["cpu.usage", "cpu_usage", "gauge", "percent", 1, "collector"],
      ["disk.usage", "disk_usage", "gauge", "percent", 2, "collector"],
      ["http.server.request.duration", "http_server_request_duration_bucket", "histogram", "seconds", 3, "sightline"],
      ["network.receive.bytes", "network_receive_bytes", "counter", "bytes", 1, "collector"],
    ],
  );
  const [cpu, disk] = metrics;
  assert.deepEqual(
    [cpu?.title, cpu?.semanticName, cpu?.host, cpu?.lastSeenAt?.getTime()],
    ["CPU usage", "system.cpu.utilization", { id: hostId, name: "db-01" }, NOW - 10 * SECOND_MS],
  );
  assert.match(disk?.help ?? "", /Space used/);
});

test("it is searched by name, title, help and the other names, narrowed by source and kind, sorted and paged", async () => {
  assert.deepEqual(await names({ search: " DISK_us " }), ["disk.usage"]);
  assert.deepEqual(await names({ search: "network in" }), ["network.receive.bytes"]);
  assert.deepEqual(await names({ search: "system.network.io" }), ["network.receive.bytes"]);
  assert.deepEqual(await names({ search: "not idle" }), ["cpu.usage"]);
  assert.deepEqual(await names({ search: "100%_" }), []);
  assert.deepEqual(await names({ kind: "histogram" }), ["http.server.request.duration"]);
  assert.deepEqual(await names({ source: "sightline" }), ["http.server.request.duration"]);
  assert.deepEqual(await names({ source: "other" }), []);
  assert.deepEqual(await names({ sort: "series", order: "desc", limit: 1, offset: 1 }), ["disk.usage"]);
  assert.equal((await listCatalogue(db, { ...DEFAULTS, offset: 99 }, NOW)).metrics.length, 0);
});

test("a metric shows its labels, its hosts and what to chart of it: a counter's rate, a histogram's 95th percentile", async () => {
  const disk = await readMetric(db, { name: "disk.usage", kind: "gauge" }, NOW);
  assert.deepEqual(disk.labels, [
    {
      name: "mount",
      values: 2,
      most: [
        { value: "/", series: 1 },
        { value: "/var", series: 1 },
      ],
    },
  ]);
  assert.deepEqual(disk.hostSeries, [{ host: { id: hostId, name: "db-01" }, series: 2 }]);
  assert.deepEqual(disk.panel, { expression: "disk_usage", unit: "percent", rate: false });
  const network = await readMetric(db, { name: "network.receive.bytes", kind: "counter" }, NOW);
  assert.deepEqual(network.panel, { expression: "rate(network_receive_bytes[5m])", unit: "bytes", rate: true });
  const requests = await readMetric(db, { name: "http.server.request.duration", kind: "histogram" }, NOW);
  assert.match(requests.panel.expression, /^histogram_quantile\(0\.95, .*http_server_request_duration_bucket/);
  assert.equal((await getRoute("/catalogue/metric", "?name=disk.usage&kind=counter")).status, 404);
  assert.equal((await getRoute("/catalogue/metric", "?name=%00&kind=counter")).status, 400);
});

test("an expression is drawn of all hosts or of one, with what is wrong with it said by its field", async () => {
  const chart = async (search: string) => {
    const answer = await getRoute("/metrics/expression", search);
    return { status: answer.status, body: (await answer.json()) as Record<string, never> };
  };
  const { body } = await chart("?expression=disk_usage&from=now-10m&points=50");
  const { series, step_ms } = body as unknown as {
    series: { name: string; labels: object; points: unknown[] }[];
    step_ms: number;
  };
  assert.deepEqual(
    series.map(({ name }) => name),
    ["/", "/var"],
  );
  assert.deepEqual(
    series.map(({ labels }) => labels),
    [
      { __name__: "disk_usage", host: "db-01", mount: "/" },
      { __name__: "disk_usage", host: "db-01", mount: "/var" },
    ],
  );
  assert.ok((series[0]?.points.length ?? 0) <= 50, `${step_ms}`);
  const { hostId: other } = await addHost(db, "web-2");
  assert.deepEqual((await chart(`?expression=disk_usage&host=${other}`)).body.series, []);
  assert.equal((await chart("?expression=disk_usage&host=999999")).status, 400);
  const broken = await chart(`?expression=${encodeURIComponent("sum(")}`);
  assert.equal(broken.status, 400);
  assert.match(JSON.stringify(broken.body), /parse error/);
  assert.equal((await chart("?expression=disk_usage&from=now&to=now-1h")).status, 400);
});

test("ten thousand metrics of an input are listed a page at a time, and one that ended is dated by its last samples", async () => {
  const input = await addInput(db, "large", { maxSeries: 50_000 });
  const at = NOW - 5 * SECOND_MS;
  const series = Array.from({ length: 10_000 }, (_, n) => ({
    ...{ metric: `made_up_${n}_total`, kind: "counter" as const, help: "Made up" },
    labels: { job: "large", instance: `i${n % 50}` },
    samples: [{ at, value: n }],
  }));
  await storeIncoming(db, input, series, NOW);
  const answer = await getRoute("/catalogue", "?search=made_up&limit=50&sort=name&offset=9950&source=remote_write");
  const text = await answer.text();
  const { total, metrics } = JSON.parse(text) as { total: number; metrics: { last_seen_at: string; host: object }[] };
  assert.deepEqual([total, metrics.length], [10_000, 50]);
  assert.ok(text.length < 30_000, `${text.length} characters`);
  assert.equal(metrics[0]?.last_seen_at, new Date(at).toISOString());
  assert.deepEqual(metrics[0]?.host, { id: input.hostId, name: "large" });
  assert.deepEqual(await names({ search: "made_up_77_total", host: hostId }), []);
});

test("what is received of a program is told by its own metrics, and only through inputs: not by any sample, nor by Sightline's own", async () => {
  const input = await addInput(db, "shop");
  const sample = (metric: string, at: number) => ({
    metric,
    labels: { job: "x", instance: "y" },
    samples: [{ at, value: 1 }],
  });
  const stateOf = async (id: string, host?: number) =>
    (await readIntegrationStates(db, { host }, NOW)).find((state) => state.id === id);
  await storeIncoming(db, input, [sample("up", NOW - SECOND_MS)], NOW);
  assert.deepEqual((await stateOf("redis"))?.series, 0);
  await storeIncoming(
    db,
    input,
    [sample("redis_up", NOW - 4 * SECOND_MS), sample("redis_db_keys", NOW - 9 * SECOND_MS)],
    NOW,
  );
  const redis = await stateOf("redis", input.hostId);
  assert.deepEqual(
    [redis?.series, redis?.hosts, redis?.lastSeenAt?.getTime()],
    [2, [{ id: input.hostId, name: "shop" }], NOW - 4 * SECOND_MS],
  );
  assert.equal((await stateOf("redis", hostId))?.series, 0);
  // An exporter that is gone, while its Prometheus goes on to say so.
  for (let n = 0; n < 5; n++) await storeIncoming(db, input, [sample("up", NOW + n * SECOND_MS)], NOW + n * SECOND_MS);
  assert.equal((await stateOf("redis"))?.lastSeenAt?.getTime(), NOW - 4 * SECOND_MS);
  await removeInput(db, input.hostId, NOW);
  assert.equal((await stateOf("redis"))?.series, 0, "a deleted input is not connected");
  const answer = await callRoute({ method: "get", path: "/integrations" }, "?host=999999", { role: "viewer" });
  assert.equal(answer.status, 400);
});

test("a metric that has samples in chunks only is dated by its newest chunk", async () => {
  const { writer, ...old } = await addHost(db, "old");
  const past = NOW - 3 * 24 * 60 * MINUTE_MS;
  for (let n = 0; n < 5; n++) await writer.append(frame(past + n * 5 * SECOND_MS, [["load.1m", n]]));
  await compactDue(db, NOW);
  const { metrics } = await listCatalogue(db, { ...DEFAULTS, host: old.hostId }, NOW);
  const seen = metrics[0]?.lastSeenAt?.getTime() ?? 0;
  assert.ok(seen <= past + 20 * SECOND_MS && seen > past - 7 * 60 * MINUTE_MS, new Date(seen).toISOString());
});
