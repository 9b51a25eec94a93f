import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import * as contract from "#lib/contract/index.ts";
import type { Database } from "#lib/db/client.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { receiveOtlp } from "#lib/otlp/receive.ts";
import { traceReceiver } from "#lib/otlp/traces/trace-receiver.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { addInput } from "../support/inputs.ts";
import { jsonBody, metricsJson, nanos, openCollector, spansJson } from "../support/otlp.ts";

let db: Database;
let hostId: number;
const NOW = Math.floor(Date.now() / (10 * SECOND_MS)) * 10 * SECOND_MS;
const BOUNDS = ["0.1", "0.25", "0.5", "1", "2.5", "+Inf"];

type Operation = { service: string; operation: string; kind: string; status: string; perStep: number; took: number };

/** Each ten seconds of 20 minutes an operation served so many requests that took so long. */
const readingsOf = ({ service, operation, kind, status, perStep, took }: Operation, step: number) => {
  const labels = { job: service, operation, "span.kind": kind, status };
  const count = perStep * (step + 1);
  const part = (suffix: string, value: number, more: Record<string, string> = {}) => ({
    ...{ metric: `traces.span.duration${suffix}`, labels: { ...labels, ...more }, value },
    ...{ unit: "s", kind: "histogram" as const },
  });
  return [
    part("_count", count),
    part("_sum", count * took),
    ...BOUNDS.map((le) => part("_bucket", le === "+Inf" || took <= Number(le) ? count : 0, { le })),
  ];
};

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const host = { machineId: "input-of-test", name: "spans", hostname: "spans", system: { kind: "input" } };
  ({ id: hostId } = await db.host.create({ data: host }));
  const operations: Operation[] = [
    { service: "shop", operation: "GET /cart", kind: "server", status: "ok", perStep: 9, took: 0.2 },
    { service: "shop", operation: "GET /cart", kind: "server", status: "error", perStep: 1, took: 0.2 },
    { service: "shop", operation: "SELECT carts", kind: "client", status: "ok", perStep: 50, took: 0.05 },
    { service: 'odd "name"\\', operation: "slow", kind: "consumer", status: "ok", perStep: 1, took: 0.9 },
  ];
  const frames = Array.from({ length: 120 }, (_, n) => ({
    source: { kind: "otlp", name: "spans" },
    at: NOW - (119 - n) * 10 * SECOND_MS,
    intervalMs: 10 * SECOND_MS,
    readings: operations.flatMap((operation) => readingsOf(operation, n)),
  }));
  await new FrameWriter(db, new Registry(db)).appendAll(hostId, frames);
});

const span = `from=${NOW - 10 * MINUTE_MS}&to=${NOW}`;
const near = (a: number | null | undefined, b: number, by = 1e-6) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) < by, `${a} for ${b}`);
type Figures = Record<"requests" | "rate" | "errorRate" | "error_rate" | "p50" | "p95" | "apdex", number | null>;

test("services are listed with throughput, errors, response times and Apdex of what they serve, and not of their calls", async () => {
  const listed = (await (await getRoute("/applications", `?${span}`)).json()) as (Figures & {
    service: string;
    host_id: number;
  })[];
  assert.deepEqual(
    listed.map(({ service, host_id }) => [service, host_id]),
    [
      ["shop", hostId],
      ['odd "name"\\', hostId],
    ],
  );
  const [shop, odd] = listed;
  near(shop?.rate, 1);
  near(shop?.error_rate, 0.1);
  near(shop?.p50, 0.175);
  near(shop?.apdex, 0.9, 1e-6);
  near(odd?.apdex, 0.5);
  near(odd?.error_rate, 0);
  const own = async (search: string) =>
    ((await (await getRoute("/applications", `?${search}&${span}`)).json()) as { service: string }[]).map(
      ({ service }) => service,
    );
  assert.deepEqual(await own(`host=${hostId}&service=shop`), ["shop"]);
  assert.deepEqual(await own(`host=${hostId + 1}&service=shop`), []);
});

test("the operations of a service, its calls to others among them, are listed busiest first", async () => {
  const search = `?host=${hostId}&service=shop&${span}`;
  const operations = (await (await getRoute("/applications/operations", search)).json()) as (Figures & {
    operation: string;
    kind: string;
  })[];
  assert.deepEqual(
    operations.map(({ operation, kind }) => [operation, kind]),
    [
      ["SELECT carts", "client"],
      ["GET /cart", "server"],
    ],
  );
  const odd = `?host=${hostId}&service=${encodeURIComponent('odd "name"\\')}&${span}`;
  assert.equal(
    ((await (await getRoute("/applications/operations", odd)).json()) as unknown[]).length,
    1,
    "whatever its name is",
  );
  assert.deepEqual(
    await (await getRoute("/applications/operations", `?host=${hostId}&service=none&${span}`)).json(),
    [],
  );
});

test("over time throughput and errors are steps of a span, and where nothing was measured there is a gap", async () => {
  const from = NOW - 60 * MINUTE_MS;
  const search = `?host=${hostId}&service=shop&from=${from}&to=${NOW}&points=61`;
  const { series, step_ms } = (await (await getRoute("/applications/history", search)).json()) as {
    step_ms: number;
    series: { name: string; points: [number, number | null][] }[];
  };
  assert.equal(step_ms, MINUTE_MS);
  const points = (name: string) => series.find((each) => each.name === name)?.points ?? [];
  assert.deepEqual(
    points("rate")
      .slice(0, 30)
      .map(([, value]) => value)
      .filter((value) => value !== null),
    [],
  );
  near(points("rate").at(-1)?.[1], 1);
  near(points("errors").at(-1)?.[1], 0.1);
  assert.ok((points("p99").at(-1)?.[1] ?? 0) <= 0.25);
});

type Latency = {
  step_ms: number;
  bounds: (number | null)[];
  steps: { from: number; counts: number[] | null }[];
};

const latencyOf = async (search: string) =>
  (await (await getRoute("/applications/latency", `?host=${hostId}&service=shop&${search}`)).json()) as Latency;

test("the heat map counts requests by how long they took, each once, and has gaps where nothing was measured", async () => {
  const from = NOW - 60 * MINUTE_MS;
  const { step_ms, bounds, steps } = await latencyOf(`from=${from}&to=${NOW}&points=100`);
  assert.equal(step_ms, 2 * MINUTE_MS);
  assert.deepEqual(bounds, [0.1, 0.25, 0.5, 1, 2.5, null]);
  assert.equal(steps[0]?.from, Math.floor(from / step_ms) * step_ms);
  assert.equal(steps[0]?.counts, null);
  const whole = steps.find(({ from: at }) => at > NOW - 10 * MINUTE_MS)?.counts ?? [];
  near(whole[1], 120);
  assert.deepEqual(whole.toSpliced(1, 1), [0, 0, 0, 0, 0], "0.2 s is in one bucket only");
  assert.ok((await latencyOf(`from=${from}&to=${NOW}&points=10`)).steps.length <= 11);
});

test("one operation has a course and a heat map of its own, also a call to others", async () => {
  const operation = `${span}&points=11&operation=SELECT+carts`;
  assert.ok(
    (await latencyOf(operation)).steps.every(({ counts }) => counts === null),
    "a call is not served",
  );
  const { bounds, steps } = await latencyOf(`${operation}&kind=client`);
  assert.deepEqual([bounds[0], (steps[2]?.counts?.[0] ?? 0) > 0], [0.1, true]);
  const history = await getRoute("/applications/history", `?host=${hostId}&service=shop&${operation}&kind=client`);
  const { series } = (await history.json()) as { series: { name: string; points: [number, number | null][] }[] };
  near(series.find(({ name }) => name === "rate")?.points.at(-1)?.[1], 5);
  assert.equal((await getRoute("/applications/latency", `?service=shop&${span}&kind=internal`)).status, 400);
});

/** What the list, the operations and the heat map say of a service in the hour until `to`. */
async function countedOf(host: number, to: number) {
  const search = `?host=${host}&service=shop&from=${to - 60 * MINUTE_MS}&to=${to}`;
  const read = async (path: string) => (await getRoute(path, search)).json();
  const [service] = (await read("/applications")) as Figures[];
  const operations = (await read("/applications/operations")) as Figures[];
  const { steps } = (await read("/applications/latency")) as Latency;
  return {
    ...{ requests: service?.requests, errorRate: service?.error_rate },
    operations: operations.map(({ requests }) => requests),
    heatMap: steps.flatMap(({ counts }) => counts ?? []).reduce((sum, count) => sum + count, 0),
  };
}

/** Sends so many requests at an instant, as a service does, and has them stored. */
async function serveAt(input: InputCaller, at: number, count: number, more: object = {}) {
  const spans = Array.from({ length: count }, () => ({
    ...{ traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex"), name: "GET", kind: 2 },
    ...{ startTimeUnixNano: nanos(at - 20), endTimeUnixNano: nanos(at), ...more },
  }));
  await receiveOtlp(db, input, "traces", jsonBody(spansJson(spans)), at);
  await traceReceiver(db).flush(at);
}

test("a burst of a thousand requests is a thousand requests, in the list, the operations and the heat map", async () => {
  const input = await addInput(db, "burst", {}, "otlp");
  await serveAt(input, NOW - 5 * MINUTE_MS, 1_000);
  assert.deepEqual(await countedOf(input.hostId, NOW), {
    ...{ requests: 1_000, errorRate: 0, operations: [1_000], heatMap: 1_000 },
  });
});

test("a trace id in upper case, as other tools write it, is that of the same trace", async () => {
  const input = await addInput(db, "ids", {}, "otlp");
  const traceId = "ABCDEF0123456789".repeat(2);
  await serveAt(input, NOW, 1, { traceId });
  const read = (id: string) => callRoute(contract.traces.read, `?host=${input.hostId}`, { id, role: "viewer" });
  const trace = (await (await read(traceId)).json()) as { trace_id: string };
  assert.equal(trace.trace_id, traceId.toLowerCase());
  assert.equal((await read(`${traceId}0`)).status, 400);
});

test("20 errors at once among 1,500 requests are 1.32 %", async () => {
  const input = await addInput(db, "errors", {}, "otlp");
  for (let n = 30; n > 0; n--) {
    await serveAt(input, NOW - n * 10 * SECOND_MS, 50);
    if (n === 15) await serveAt(input, NOW - n * 10 * SECOND_MS, 20, { status: { code: 2 } });
  }
  assert.deepEqual(await countedOf(input.hostId, NOW), {
    ...{ requests: 1_520, errorRate: 20 / 1_520, operations: [1_520], heatMap: 1_520 },
  });
});

test("a counter that began anew adds what it has come to, and what it had before stays counted", async () => {
  const { id } = await db.host.create({
    data: { machineId: "restarted", name: "restarted", hostname: "restarted", system: { kind: "input" } },
  });
  const served = { service: "shop", operation: "GET", kind: "server", status: "ok", perStep: 1, took: 0.2 };
  const frames = [0, 4, 9, 2, 4].map((count, n) => ({
    source: { kind: "otlp", name: "spans" },
    at: NOW - (5 - n) * MINUTE_MS,
    intervalMs: 10 * SECOND_MS,
    readings: readingsOf(served, count - 1),
  }));
  await new FrameWriter(db, new Registry(db)).appendAll(id, frames);
  const counted = await countedOf(id, NOW);
  assert.deepEqual(counted, { requests: 13, errorRate: 0, operations: [13], heatMap: 13 });
});

type Signals = {
  gauges: { kind: string; metric: string; points: [number, number | null][] }[];
  caches: { metric: string; ratio: number | null; hits: [number, number | null][] }[];
};

test("active requests, sessions and connections and the hit rate of caches are those that an OpenTelemetry SDK sends", async () => {
  const collector = await openCollector();
  after(() => collector.close());
  const exporter = new OTLPMetricExporter({ url: `${collector.url}/v1/metrics` });
  const meters = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": "signals", "service.version": "1" }),
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
  });
  const meter = meters.getMeter("test");
  meter.createUpDownCounter("http.server.active_requests").add(3, { "http.request.method": "GET" });
  meter.createObservableGauge("sessions.active").addCallback((observed) => observed.observe(42));
  const connections = meter.createUpDownCounter("db.client.connection.count");
  connections.add(4, { "db.client.connection.state": "used" });
  connections.add(6, { "db.client.connection.state": "idle" });
  const gets = meter.createCounter("cache.gets");
  gets.add(30, { result: "hit", cache: "a" });
  gets.add(60, { result: "hit", cache: "b" });
  gets.add(30, { result: "miss", cache: "b" });
  meter.createCounter("cache.hits").add(5);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await meters.forceFlush();
  await meters.shutdown();
  const input = await addInput(db, "signals", {}, "otlp");
  for (const { bytes, headers } of collector.sent)
    await receiveOtlp(db, input, "metrics", {
      ...{ bytes, contentType: headers["content-type"] ?? "", contentEncoding: "" },
    });
  const search = `?host=${input.hostId}&service=signals&from=now-15m&to=${Date.now() + MINUTE_MS}&points=500`;
  const { gauges, caches } = (await (await getRoute("/applications/signals", search)).json()) as Signals;
  assert.deepEqual(
    gauges.map(({ kind, metric, points }) => [kind, metric, points.findLast(([, value]) => value !== null)?.[1]]),
    [
      ["requests", "http.server.active_requests", 3],
      ["sessions", "sessions.active", 42],
      ["connections", "db.client.connection.count", 4],
    ],
  );
  assert.deepEqual(
    caches.map(({ metric, ratio }) => [metric, ratio?.toFixed(9)]),
    [
      ["cache.hits", "1.000000000"],
      ["cache.gets", "0.750000000"],
    ],
  );
  const other = await getRoute("/applications/signals", `?host=${input.hostId}&service=another&${span}`);
  const none = (await other.json()) as Signals;
  assert.deepEqual([none.gauges, none.caches], [[], []]);
});

test("while one version of a service follows another its sessions are not counted twice", async () => {
  const input = await addInput(db, "deployed", {}, "otlp");
  // The second version comes where one step ends and the next begins.
  const now = Math.floor(NOW / (30 * MINUTE_MS)) * 30 * MINUTE_MS - 15.5 * MINUTE_MS;
  for (let minute = 30; minute >= 0; minute--) {
    const at = now - minute * MINUTE_MS;
    const version = minute > 15 ? "1" : "2";
    const gauge = { dataPoints: [{ timeUnixNano: nanos(at), asInt: "100" }] };
    const body = metricsJson([{ name: "sessions.active", gauge }], { "service.name": "s", "service.version": version });
    await receiveOtlp(db, input, "metrics", jsonBody(body), at);
  }
  for (const points of [10, 61, 200]) {
    const search = `?host=${input.hostId}&service=s&from=${now - 30 * MINUTE_MS}&to=${now}&points=${points}`;
    const { gauges } = (await (await getRoute("/applications/signals", search)).json()) as Signals;
    const values = gauges[0]?.points.map(([, value]) => value) ?? [];
    const doubled = values.filter((value) => value !== null && value > 100);
    assert.ok(doubled.length <= Math.ceil(values.length / 20), `${points} points: ${values}`);
    assert.equal(values.at(-1), 100);
    // The first two steps may lie before the first sample.
    assert.ok(values.slice(2).every((value) => value !== null));
  }
});

test("an empty portal has no applications, and a span that cannot be is refused by its field", async () => {
  assert.deepEqual(await (await getRoute("/applications", "?from=0&to=60000")).json(), []);
  for (const [search, field] of [
    ["?from=now&to=now-1h", "from"],
    ["?threshold=7", "threshold"],
  ]) {
    const answer = await getRoute("/applications", search);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), new RegExp(String(field)));
  }
});
