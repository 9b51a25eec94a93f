import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonMetricExporter,
} from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import { type Database, database } from "#lib/db/client.ts";
import { traceReceiver } from "#lib/otlp/traces/trace-receiver.ts";
import { signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { addInput } from "../support/inputs.ts";
import { jsonBody, metricsJson, nanos } from "../support/otlp.ts";
import { RouteServer } from "../support/route-server.ts";

let db: Database;
let reader: string;
let input: Awaited<ReturnType<typeof addInput>>;
let other: Awaited<ReturnType<typeof addInput>>;
const portal = new RouteServer();

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const password = "correct horse battery staple 42";
  const user = await createUser(db, { email: "reader@example.org", name: "Reader", password, role: "viewer" });
  reader = (await createToken(db, user, { name: "read", days: 1, scopes: ["metrics:read"] })).token;
  input = await addInput(db, "otlp", {}, "otlp");
  other = await addInput(db, "prometheus");
  await portal.open();
});
after(() => portal.close());

/** What PromQL answers, by the labels that tell its series apart. */
async function ask(query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
  const url = `${portal.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${reader}` } });
  return ((await answer.json()) as { data: { result: never[] } }).data.result;
}

const headersOf = (token = input.token) => ({ authorization: `Bearer ${token}` });

for (const [name, Exporter, temporality] of [
  ["protobuf", OTLPMetricExporter, AggregationTemporalityPreference.CUMULATIVE],
  ["json", JsonMetricExporter, AggregationTemporalityPreference.CUMULATIVE],
  ["delta", OTLPMetricExporter, AggregationTemporalityPreference.DELTA],
] as const)
  test(`what the OpenTelemetry SDK measures is found by PromQL: ${name}`, async () => {
    const exporter = new Exporter({
      url: `${portal.url}/v1/metrics`,
      headers: headersOf(),
      temporalityPreference: temporality,
    });
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ "service.name": `shop-${name}`, "service.instance.id": "1" }),
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })],
    });
    const meter = provider.getMeter("test");
    const requests = meter.createCounter("requests");
    const duration = meter.createHistogram("http.server.request.duration", { unit: "s" });
    for (const times of [2, 3]) {
      requests.add(times, { "http.route": "/cart" });
      for (let n = 0; n < times; n++) duration.record(7, { "http.route": "/cart" });
      await provider.forceFlush();
    }
    await provider.shutdown();
    const job = `job="shop-${name}",http_route="/cart"`;
    assert.equal((await ask(`requests{${job}}`))[0]?.value[1], "5");
    assert.equal((await ask(`http_server_request_duration_count{${job}}`))[0]?.value[1], "5");
    const [median] = await ask(`histogram_quantile(0.5, http_server_request_duration_bucket{${job}})`);
    assert.equal(median?.value[1], "7.5");
  });

for (const [name, Exporter] of [
  ["protobuf", OTLPTraceExporter],
  ["json", JsonTraceExporter],
] as const)
  test(`what the OpenTelemetry SDK traces is counted, and its traces are read by API: ${name}`, async () => {
    const exporter = new Exporter({ url: `${portal.url}/api/v1/otlp/v1/traces`, headers: headersOf() });
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ "service.name": `traced-${name}` }),
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const tracer = provider.getTracer("t");
    const span = tracer.startSpan("GET /x", { kind: SpanKind.SERVER, attributes: { "http.route": "/x" } });
    span.recordException(new Error("no such cart"));
    span.setStatus({ code: SpanStatusCode.ERROR, message: "broken" });
    span.end();
    await provider.forceFlush();
    await provider.shutdown();
    await traceReceiver(database()).flush();
    const errors = `sum(traces_span_duration_count{job="traced-${name}",status="error",operation="/x"})`;
    assert.equal((await ask(errors))[0]?.value[1], "1");
    const read = async (path: string) =>
      (await (await fetch(`${portal.url}/api/v1${path}`, { headers: headersOf(reader) })).json()) as {
        traces: { trace_id: string; reasons: string[] }[];
      };
    const { traces } = await read(`/traces?host=${input.hostId}&service=traced-${name}`);
    assert.deepEqual(traces[0]?.reasons.sort(), ["failed", "slow"]);
    assert.equal(traces[0]?.trace_id, span.spanContext().traceId);
  });

const post = (path: string, body: Buffer, headers: Record<string, string>) =>
  fetch(`${portal.url}${path}`, { method: "POST", body: new Uint8Array(body), headers });
const json = (token?: string) => ({ ...headersOf(token), "content-type": "application/json" });

test("errors are answered as OTLP says, in the encoding of the request", async () => {
  const bad = await post("/v1/metrics", Buffer.from("{"), json());
  assert.deepEqual([bad.status, ((await bad.json()) as { code: number }).code], [400, 3]);
  const protobuf = await post("/v1/metrics", Buffer.from([0xff]), {
    ...json(),
    "content-type": "application/x-protobuf",
  });
  assert.deepEqual([protobuf.status, protobuf.headers.get("content-type")], [400, "application/x-protobuf"]);
  assert.deepEqual([...Buffer.from(await protobuf.arrayBuffer()).subarray(0, 2)], [8, 3]);
  const bomb = gzipSync(Buffer.alloc(40 * 1_024 ** 2));
  assert.equal((await post("/v1/traces", bomb, { ...json(), "content-encoding": "gzip" })).status, 413);
  assert.equal((await post("/v1/traces", Buffer.from("{}"), { ...json(), "content-type": "text/csv" })).status, 415);
  const logs = await post("/v1/logs", Buffer.from("{}"), json());
  assert.equal(logs.status, 404);
  assert.match(await logs.text(), /Logs are not kept/);
});

test("only the token of an input for OTLP may send, and only to its own host", async () => {
  assert.equal((await post("/v1/metrics", Buffer.from("{}"), { "content-type": "application/json" })).status, 401);
  assert.equal((await post("/v1/metrics", Buffer.from("{}"), json(`sli_${"x".repeat(43)}`))).status, 401);
  assert.equal((await post("/v1/metrics", Buffer.from("{}"), json(reader))).status, 403);
  assert.equal((await post("/v1/metrics", Buffer.from("{}"), json(other.token))).status, 403);
  const named = metricsJson([{ name: "m", gauge: { dataPoints: [{ timeUnixNano: nanos(Date.now()), asInt: 1 }] } }], {
    "service.name": "s",
    "host.name": "prometheus",
    host: "prometheus",
  });
  const basic = Buffer.from(`x:${input.token}`).toString("base64");
  const answer = await post("/v1/metrics", jsonBody(named).bytes, { ...json(), authorization: `Basic ${basic}` });
  assert.equal(answer.status, 200);
  assert.equal((await ask("m"))[0]?.metric.host, "otlp");
});

test("more samples than an input may send are answered 429 with the time to wait", async () => {
  const slow = await addInput(db, "slow", { maxSamplesPerSecond: 1 }, "otlp");
  const points = Array.from({ length: 200 }, (_, n) => ({ timeUnixNano: nanos(Date.now() - n), asInt: n }));
  const answers = [];
  for (let n = 0; n < 3; n++)
    answers.push(
      await post("/v1/metrics", metricsJson([{ name: "m", gauge: { dataPoints: points } }]), json(slow.token)),
    );
  const last = answers.at(-1);
  assert.equal(last?.status, 429);
  assert.ok(Number(last?.headers.get("retry-after")) > 0);
});
