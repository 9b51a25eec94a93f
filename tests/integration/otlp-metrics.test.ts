import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { listExemplars } from "#lib/otlp/metrics/exemplars.ts";
import { receiveOtlp } from "#lib/otlp/receive.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { allSamples, otlpInputs } from "../support/inputs.ts";
import { attributes, jsonBody, metricsJson, nanos } from "../support/otlp.ts";

const NOW = Math.floor(Date.now() / 1_000) * 1_000;

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
});

const fresh = otlpInputs(() => db, "otlp");
type Input = Awaited<ReturnType<typeof fresh>>;

const answerOf = async (input: Input, metrics: unknown[], service?: Record<string, string>, at = db) =>
  JSON.parse((await receiveOtlp(at, input, "metrics", jsonBody(metricsJson(metrics, service)), NOW)).bytes.toString());

const toNumber = (bits: bigint): number => new Float64Array(BigUint64Array.of(bits).buffer)[0] as number;

/** The values of each series by its name. */
async function stored(input: Input): Promise<Record<string, number[]>> {
  const samples = await allSamples(db, input.hostId);
  return Object.fromEntries(
    Object.entries(samples).map(([name, own]) => [name, own.map(([, bits]) => toNumber(bits))]),
  );
}

const at = (ms: number, more: object = {}) => ({ timeUnixNano: nanos(ms), ...more });

test("gauges and counters keep their own names, and say by whom they were sent", async () => {
  const input = await fresh();
  const route = attributes({ "http.route": "/cart" });
  const answer = await answerOf(
    input,
    [
      {
        name: "queue.depth",
        unit: "{item}",
        gauge: { dataPoints: [at(NOW, { asInt: "9007199254740993", attributes: route })] },
      },
      {
        name: "orders",
        sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [at(NOW, { asDouble: 2.5 })] },
      },
    ],
    {
      ...{ "service.name": "shop", "service.namespace": "eu", "service.instance.id": "a1", "service.version": "1.2" },
      ...{ "deployment.environment.name": "prod", "telemetry.sdk.name": "x" },
    },
  );
  assert.deepEqual(answer, {});
  const labels = 'deployment.environment="prod"';
  const rest = 'instance="a1",job="eu/shop",service.version="1.2"';
  assert.deepEqual(await stored(input), {
    [`orders{${labels},${rest}}`]: [2.5],
    [`queue.depth{${labels},http.route="/cart",${rest}}`]: [9007199254740992],
    [`target_info{${labels},${rest},telemetry.sdk.name="x"}`]: [1],
  });
});

const histogram = (points: object[], aggregationTemporality = 2) => ({
  ...{ name: "d", unit: "s" },
  histogram: { aggregationTemporality, dataPoints: points },
});

test("a histogram has cumulative buckets, a count and a sum, and begins at zero where it is fresh", async () => {
  const input = await fresh();
  const point = at(NOW, {
    startTimeUnixNano: nanos(NOW - MINUTE_MS),
    count: "6",
    sum: 3,
    bucketCounts: ["1", "2", 3],
    explicitBounds: [0.5, 1],
  });
  assert.deepEqual(await answerOf(input, [histogram([point])]), {});
  assert.deepEqual(await stored(input), {
    'd_bucket{job="shop",le="+Inf"}': [0, 6],
    'd_bucket{job="shop",le="0.5"}': [0, 1],
    'd_bucket{job="shop",le="1"}': [0, 3],
    'd_count{job="shop"}': [0, 6],
    'd_sum{job="shop"}': [0, 3],
  });
});

const bucketsOf = (series: Record<string, number[]>): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(series)
      .filter(([name]) => name.includes("_bucket"))
      .map(([name, values]) => [/le="([^"]*)"/.exec(name)?.[1] ?? "", values]),
  );

test("an exponential histogram has the same buckets whatever its scale is, and loses no count when that changes", async () => {
  const input = await fresh();
  const exponential = (ms: number, point: object) => ({
    ...{ name: "e", unit: "s" },
    exponentialHistogram: { aggregationTemporality: 2, dataPoints: [at(ms, point)] },
  });
  // Values 1.1, 1.9 and 3 at scale 1, then the same and 100 at scale -1.
  await answerOf(input, [
    exponential(NOW - 2_000, {
      ...{ count: "5", sum: 6, scale: 1, zeroCount: "1", positive: { offset: 0, bucketCounts: ["1", "1", "0", "1"] } },
      negative: { offset: 0, bucketCounts: ["1"] },
    }),
    exponential(NOW, {
      ...{
        count: "6",
        sum: 106,
        scale: -1,
        zeroCount: "1",
        positive: { offset: 0, bucketCounts: ["3", "0", "0", "1"] },
      },
      negative: { offset: 0, bucketCounts: ["1"] },
    }),
  ]);
  const buckets = bucketsOf(await stored(input));
  assert.equal(Object.keys(buckets).length, 27);
  assert.deepEqual(
    [buckets["1"], buckets["2"], buckets["4"], buckets["256"], buckets["+Inf"]],
    [
      [2, 2],
      [4, 2],
      [5, 5],
      [5, 6],
      [5, 6],
    ],
  );
});

test("a summary has its quantiles, and a value that was not recorded ends its series", async () => {
  const input = await fresh();
  const quantileValues = [
    { quantile: 0.5, value: 2 },
    { quantile: 0.99, value: 9 },
  ];
  await answerOf(input, [
    { name: "s", summary: { dataPoints: [at(NOW, { count: "4", sum: 8, quantileValues })] } },
    { name: "g", gauge: { dataPoints: [at(NOW - 1_000, { asDouble: 1 }), at(NOW, { flags: 1 })] } },
  ]);
  const samples = await allSamples(db, input.hostId);
  assert.equal(samples['g{job="shop"}']?.[1]?.[1], 0x7ff0000000000002n);
  assert.deepEqual((await stored(input))['s{job="shop",quantile="0.99"}'], [9]);
});

const delta = (ms: number, value: number, startMs = ms - 10_000) => ({
  name: "n",
  sum: {
    ...{ isMonotonic: true, aggregationTemporality: 1 },
    dataPoints: [at(ms, { startTimeUnixNano: nanos(startMs), asDouble: value })],
  },
});

test("differences add up across requests and a restart, and what is sent again is not counted again", async () => {
  const input = await fresh();
  assert.deepEqual(await answerOf(input, [delta(NOW - 30_000, 5)]), {});
  assert.deepEqual(await answerOf(input, [delta(NOW - 20_000, 2)]), {});
  assert.deepEqual(await answerOf(input, [delta(NOW - 20_000, 2)]), {});
  const restarted = openDatabase(url);
  assert.deepEqual(await answerOf(input, [delta(NOW - 10_000, 4)], undefined, restarted), {});
  await restarted.$disconnect();
  const late = await answerOf(input, [delta(NOW - 30_000, 5)]);
  assert.equal(late.partialSuccess.rejectedDataPoints, "1");
  assert.match(late.partialSuccess.errorMessage, /already_counted/);
  assert.deepEqual(await stored(input), { 'n{job="shop"}': [0, 5, 7, 11] });
});

test("a counter of differences that was silent stores its total again just before it grows", async () => {
  const input = await fresh();
  await answerOf(input, [delta(NOW - 300_000, 5)]);
  await answerOf(input, [delta(NOW, 1)]);
  assert.deepEqual(await stored(input), { 'n{job="shop"}': [0, 5, 5, 6] });
});

test("differences of histograms add up; with other bounds they begin anew", async () => {
  const input = await fresh();
  const point = (ms: number, bounds: number[], counts: string[]) =>
    histogram([at(ms, { count: "3", sum: 1, bucketCounts: counts, explicitBounds: bounds })], 1);
  await answerOf(input, [
    point(NOW - 3_000, [1], ["1", "2"]),
    point(NOW - 2_000, [1], ["1", "2"]),
    point(NOW, [2], ["3", "0"]),
  ]);
  const buckets = bucketsOf(await stored(input));
  assert.deepEqual([buckets["1"], buckets["2"], buckets["+Inf"]], [[1, 2], [3], [3, 6, 3]]);
});

test("many processes that add up the same stream at once lose nothing", async () => {
  const input = await fresh();
  const others = [openDatabase(url), openDatabase(url)];
  const times = Array.from({ length: 30 }, (_, n) => NOW - 60_000 + n * 100);
  for (let n = 0; n < times.length; n += 3)
    await Promise.all(
      times
        .slice(n, n + 3)
        .map((ms, i) => answerOf(input, [{ ...delta(ms, 1), name: `n${i}` }, delta(ms, 1)], undefined, others[i % 2])),
    );
  await Promise.all(others.map((other) => other.$disconnect()));
  const series = await stored(input);
  for (const i of [0, 1, 2]) assert.equal(series[`n${i}{job="shop"}`]?.at(-1), 10);
  const values = series['n{job="shop"}'] ?? [];
  assert.deepEqual(
    values,
    [...values].sort((a, b) => a - b),
  );
});

test("the newest trace of a series' exemplars is kept", async () => {
  const input = await fresh();
  const exemplar = (ms: number, traceId: string) => ({
    timeUnixNano: nanos(ms),
    asDouble: 3,
    spanId: "b".repeat(16),
    traceId,
  });
  const exemplars = [
    exemplar(NOW - 5_000, "1".repeat(32)),
    exemplar(NOW, "2".repeat(32)),
    exemplar(NOW, "0".repeat(32)),
  ];
  await answerOf(input, [
    histogram([at(NOW, { count: "1", sum: 3, bucketCounts: ["1"], explicitBounds: [], exemplars })]),
  ]);
  await answerOf(input, [{ ...histogram([at(NOW, { count: "1", exemplars: exemplars.slice(0, 1) })]) }]);
  const kept = await listExemplars(db, input.hostId, "d");
  assert.equal(kept.filter(({ traceId }) => traceId === "2".repeat(32)).length, 1);
});

test("one bad point is answered by what is wrong with it, and stops no other", async () => {
  const input = await fresh();
  const points = (values: object[]) => ({ dataPoints: values });
  const answer = await answerOf(input, [
    { name: "", gauge: points([at(NOW, { asDouble: 1 })]) },
    { name: "nothing", gauge: points([at(NOW)]) },
    histogram([at(NOW, { count: "1", bucketCounts: ["1", "1"], explicitBounds: [1, 2] })]),
    histogram([at(NOW, { count: "1", bucketCounts: ["1", "1", "1"], explicitBounds: [2, 1] })]),
    histogram([at(NOW, { count: "7", bucketCounts: ["1", "2"], explicitBounds: [1] })]),
    { name: "seconds", gauge: points([{ timeUnixNano: String(Math.floor(NOW / 1_000)), asDouble: 1 }]) },
    { name: "ahead", gauge: points([at(NOW + 7_200_000, { asDouble: 1 })]) },
    {
      name: "odd",
      gauge: points([
        at(NOW, { asDouble: "NaN" }),
        at(NOW - 1, { asDouble: "-Infinity" }),
        at(NOW - 2, { asDouble: 1e308 }),
      ]),
    },
    {
      name: "text",
      gauge: points([at(NOW, { asDouble: 1, attributes: attributes({ "a\u0000b": "\ud800x\u0000" }) })]),
    },
    { name: "good", gauge: points([at(NOW, { asDouble: 1 })]) },
  ]);
  assert.equal(answer.partialSuccess.rejectedDataPoints, "7");
  assert.match(answer.partialSuccess.errorMessage, /needs a name.*seconds.*old/s);
  const series = await stored(input);
  assert.deepEqual(series['odd{job="shop"}'], [1e308, Number.NEGATIVE_INFINITY, Number.NaN]);
  assert.deepEqual(Object.keys(series).length, 3);
});

test("an attribute of any type is a short text", async () => {
  const input = await fresh();
  const values = [
    { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "9223372036854775807" }] } } },
    { key: "map", value: { kvlistValue: { values: [{ key: "k", value: { boolValue: true } }] } } },
    { key: "bytes", value: { bytesValue: "AQI=" } },
    { key: "long", value: { stringValue: "x".repeat(10_000) } },
    { key: "none" },
  ];
  assert.deepEqual(
    await answerOf(input, [{ name: "g", gauge: { dataPoints: [at(NOW, { asInt: 1, attributes: values })] } }]),
    {},
  );
  const [name = ""] = Object.keys(await stored(input));
  assert.match(name, /bytes="AQI=".*list="\[\\"a\\",\\"9223372036854775807\\"\]".*map="\{\\"k\\":true\}"/);
  assert.ok(name.length < 1_500);
});

test("points that differ only far behind in a long text are two series, and one with too many attributes is refused", async () => {
  const input = await fresh();
  const point = (attributes: unknown[]) => at(NOW, { asInt: 1, attributes });
  const long = (end: string) => [{ key: "long", value: { stringValue: `${"x".repeat(400)}${end}` } }];
  const many = Array.from({ length: 41 }, (_, n) => ({ key: `k${n}`, value: { intValue: n } }));
  const points = [point(long("a")), point(long("b")), point(many)];
  const answer = JSON.stringify(await answerOf(input, [{ name: "g", gauge: { dataPoints: points } }]));
  assert.match(answer, /"rejectedDataPoints":"?1"?.*41 attributes: at most 40/);
  assert.equal(Object.keys(await stored(input)).filter((name) => name.includes("long=")).length, 2);
});

const refused = (input: Input, raw: { bytes: Buffer; contentType?: string; contentEncoding?: string }, type: string) =>
  assert.rejects(
    receiveOtlp(db, input, "metrics", { contentType: "application/json", contentEncoding: "", ...raw }),
    (error) => isDomainError(error) && error.type === type,
  );

test("bodies that are bombs, of another type or not compressed as they say are refused", async () => {
  const input = await fresh();
  await refused(input, { bytes: gzipSync(Buffer.alloc(64 * 1_024 ** 2)), contentEncoding: "gzip" }, "too-large");
  await refused(input, { bytes: Buffer.from("{}"), contentEncoding: "gzip" }, "validation");
  await refused(input, { bytes: Buffer.from("{}"), contentEncoding: "br" }, "unsupported-media-type");
  await refused(input, { bytes: Buffer.from("{}"), contentType: "text/plain" }, "unsupported-media-type");
  await refused(input, { bytes: Buffer.from("{") }, "validation");
  await refused(input, { bytes: Buffer.from([0xff]), contentType: "application/x-protobuf" }, "validation");
});
