import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import fc from "fast-check";
import { isDomainError } from "#lib/errors.ts";
import { decodeJson } from "#lib/otlp/wire/json.ts";
import { METRICS_REQUEST, TRACE_REQUEST } from "#lib/otlp/wire/messages.ts";
import { decodeProtobuf, encodeBytes } from "#lib/otlp/wire/protobuf.ts";
import { openCollector } from "../../support/otlp.ts";

const resource = resourceFromAttributes({ "service.name": "shop", "a.list": ["x", "y"], big: 2 ** 52 });

async function sendMetrics(url: string): Promise<void> {
  const readers = [new OTLPMetricExporter({ url }), new JsonMetricExporter({ url })].map(
    (exporter) => new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 }),
  );
  const provider = new MeterProvider({
    resource,
    readers,
    views: [{ instrumentName: "exp", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter("m", "1");
  const labels: Attributes = { route: "/x", ok: true, n: 3, f: 0.5 };
  meter.createCounter("c", { unit: "{request}", description: "C" }).add(3, labels);
  meter.createUpDownCounter("u").add(-2.5, labels);
  meter.createHistogram("h", { unit: "s", advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.4, labels);
  const exponential = meter.createHistogram("exp", { unit: "s" });
  for (const value of [0, 0.01, 0.2, 7]) exponential.record(value);
  meter.createObservableGauge("g").addCallback((result) => result.observe(-1.5));
  await provider.forceFlush();
  await provider.shutdown();
}

/** Times differ between two exports, and protobuf does not write what is empty. */
function comparable(key: string, part: unknown): unknown {
  if (/UnixNano$/.test(key)) return typeof part;
  if (typeof part === "bigint") return String(part);
  return part === "" || part === 0 || part === false || (Array.isArray(part) && part.length === 0) ? undefined : part;
}

const withoutTimes = (value: unknown): unknown => JSON.parse(JSON.stringify(value, comparable));

test("what the OpenTelemetry SDK sends of metrics is the same in protobuf and in JSON", async () => {
  const collector = await openCollector();
  await sendMetrics(`${collector.url}/v1/metrics`);
  collector.close();
  const bodyOf = (type: string) =>
    collector.sent.find(({ headers }) => headers["content-type"] === type)?.bytes as Buffer;
  const protobuf = decodeProtobuf(bodyOf("application/x-protobuf"), METRICS_REQUEST);
  const json = decodeJson(bodyOf("application/json"), METRICS_REQUEST);
  assert.deepEqual(withoutTimes(protobuf), withoutTimes(json));
  const text = JSON.stringify(withoutTimes(protobuf));
  for (const part of ["exponentialHistogram", "explicitBounds", '"asDouble":-1.5', "isMonotonic", "{request}"])
    assert.ok(text.includes(part), part);
});

test("what the OpenTelemetry SDK sends of spans is the same in protobuf and in JSON", async () => {
  const collector = await openCollector();
  const url = `${collector.url}/v1/traces`;
  const exporters = [new OTLPTraceExporter({ url }), new JsonTraceExporter({ url })];
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: exporters.map((exporter) => new SimpleSpanProcessor(exporter)),
  });
  const span = provider
    .getTracer("t")
    .startSpan("GET /x", { kind: SpanKind.SERVER, attributes: { "http.route": "/x" } });
  span.recordException(new Error("no"));
  span.setStatus({ code: SpanStatusCode.ERROR, message: "broken" });
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  collector.close();
  const decoded = collector.sent.map(({ headers, bytes }) =>
    headers["content-type"] === "application/json"
      ? decodeJson(bytes, TRACE_REQUEST)
      : decodeProtobuf(bytes, TRACE_REQUEST),
  );
  assert.equal(decoded.length, 2);
  assert.deepEqual(withoutTimes(decoded[0]), withoutTimes(decoded[1]));
  assert.match(JSON.stringify(withoutTimes(decoded[0])), /"traceId":"[0-9a-f]{32}".*"code":2/);
});

const refuses = (run: () => unknown, type: string) =>
  assert.throws(run, (error) => isDomainError(error) && error.type === type);

test("any bytes are decoded or refused, by both decoders", () => {
  const run = (decode: () => unknown) => {
    try {
      decode();
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      run(() => decodeProtobuf(Buffer.from(bytes), METRICS_REQUEST));
      run(() => decodeProtobuf(Buffer.from(bytes), TRACE_REQUEST));
      run(() => decodeJson(Buffer.from(bytes), TRACE_REQUEST));
    }),
    { numRuns: 3_000 },
  );
  const names = [
    "resourceMetrics",
    "scopeMetrics",
    "metrics",
    "gauge",
    "dataPoints",
    "asInt",
    "attributes",
    "key",
    "value",
  ];
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.jsonValue({ maxDepth: 1 }),
      tie("object"),
      fc.array(tie("value"), { maxLength: 2 }),
    ),
    object: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4 }),
  })).object;
  fc.assert(
    fc.property(json, (value) => run(() => decodeJson(Buffer.from(JSON.stringify(value)), METRICS_REQUEST))),
    { numRuns: 2_000 },
  );
});

test("a body that is cut off anywhere in a message is refused, and never half of it taken", async () => {
  const collector = await openCollector();
  await sendMetrics(`${collector.url}/v1/metrics`);
  collector.close();
  const [{ bytes } = { bytes: Buffer.alloc(0) }] = collector.sent.filter(({ headers }) =>
    /protobuf/.test(headers["content-type"] ?? ""),
  );
  for (let length = 1; length < bytes.length; length += 7)
    refuses(() => decodeProtobuf(bytes.subarray(0, length), METRICS_REQUEST), "validation");
});

test("values nested a thousand deep and millions of empty values are refused", () => {
  let value: Buffer = Buffer.alloc(0);
  for (let n = 0; n < 1_000; n++) value = encodeBytes(5, encodeBytes(1, value));
  const wrap = (inner: Buffer) => encodeBytes(1, encodeBytes(1, encodeBytes(1, encodeBytes(2, inner))));
  refuses(() => decodeProtobuf(wrap(value), METRICS_REQUEST), "validation");
  const empties = Buffer.alloc(4_000_000, Buffer.from([0x0a, 0x00]));
  refuses(() => decodeProtobuf(encodeBytes(1, encodeBytes(1, empties)), METRICS_REQUEST), "too-large");
  refuses(() => decodeProtobuf(Buffer.alloc(1_000), METRICS_REQUEST), "validation");
  refuses(() => decodeJson(Buffer.from("[".repeat(100_000)), METRICS_REQUEST), "validation");
  const nested = `${'{"arrayValue":{"values":['.repeat(60)}{}${"]}}".repeat(60)}`;
  const attribute = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":${nested}}]}}]}`;
  refuses(() => decodeJson(Buffer.from(attribute), METRICS_REQUEST), "validation");
});

test("fields of later versions are passed over, and no name of an object is taken for a field", () => {
  const json = '{"resourceMetrics":[{"unknown":{"a":1},"__proto__":{"x":1},"constructor":3,"schemaUrl":"u"}],"z":[1]}';
  assert.deepEqual(decodeJson(Buffer.from(json), METRICS_REQUEST), { resourceMetrics: [{}] });
  assert.deepEqual(decodeProtobuf(encodeBytes(99, "later"), METRICS_REQUEST), {});
});
