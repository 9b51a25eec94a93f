import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, test } from "node:test";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { receiveOtlp } from "#lib/otlp/receive.ts";
import { listTraces, readTrace, removeTracesBefore } from "#lib/otlp/traces/read-traces.ts";
import { traceReceiver } from "#lib/otlp/traces/trace-receiver.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { allSamples, otlpInputs } from "../support/inputs.ts";
import { attributes, jsonBody, nanos, spansJson } from "../support/otlp.ts";

const NOW = Math.floor(Date.now() / 1_000) * 1_000;

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
});

const fresh = otlpInputs(() => db, "traces");
type Input = Awaited<ReturnType<typeof fresh>>;

const idOf = (bytes: number) => randomBytes(bytes).toString("hex");

/** A span of a request that took `ms`. */
const spanOf = (ms: number, more: object = {}) => ({
  ...{ traceId: idOf(16), spanId: idOf(8), name: "GET", kind: 2 },
  ...{ startTimeUnixNano: nanos(NOW - ms), endTimeUnixNano: nanos(NOW) },
  attributes: attributes({ "http.request.method": "GET", "http.route": "/cart" }),
  ...more,
});

const send = async (input: Input, spans: object[], at = db) =>
  JSON.parse((await receiveOtlp(at, input, "traces", jsonBody(spansJson(spans)), NOW)).bytes.toString());

const toNumber = (bits: bigint): number => new Float64Array(BigUint64Array.of(bits).buffer)[0] as number;

/** The newest value of each series whose name holds a text. */
async function newest(input: Input, part: string): Promise<Record<string, number>> {
  const samples = await allSamples(db, input.hostId);
  const found = Object.entries(samples).filter(([name]) => name.includes(part));
  return Object.fromEntries(found.map(([name, own]) => [name, toNumber(own.at(-1)?.[1] ?? 0n)]));
}

const counts = (input: Input) => newest(input, "duration_count");
const CART = 'job="shop",operation="GET /cart",span.kind="server"';

test("spans become rates, errors and durations of each operation", async () => {
  const input = await fresh();
  assert.deepEqual(await send(input, [spanOf(20), spanOf(300), spanOf(40, { status: { code: 2 } })]), {});
  await traceReceiver(db).flush(NOW);
  assert.deepEqual(await counts(input), {
    [`traces.span.duration_count{${CART},status="error"}`]: 1,
    [`traces.span.duration_count{${CART},status="ok"}`]: 2,
  });
  const buckets = await newest(input, "duration_bucket");
  assert.equal(
    buckets[`traces.span.duration_bucket{job="shop",le="0.025",operation="GET /cart",span.kind="server",status="ok"}`],
    1,
  );
  assert.equal(
    buckets[`traces.span.duration_bucket{job="shop",le="0.5",operation="GET /cart",span.kind="server",status="ok"}`],
    2,
  );
});

test("calls to others are counted by whom they go to, and spans within a service not at all", async () => {
  const input = await fresh();
  const client = (values: Record<string, string>) => spanOf(5, { kind: 3, attributes: attributes(values) });
  await send(input, [
    client({ "db.system.name": "postgresql", "db.operation.name": "SELECT" }),
    client({ "http.request.method": "POST", "server.address": "pay.example" }),
    spanOf(5, { kind: 1 }),
    spanOf(5, { kind: 5, name: "orders process", attributes: [] }),
  ]);
  await traceReceiver(db).flush(NOW);
  const operations = Object.keys(await counts(input)).map((name) => /operation="([^"]*)"/.exec(name)?.[1]);
  assert.deepEqual(operations.sort(), ["POST pay.example", "orders process", "postgresql SELECT"]);
});

test("a span that comes twice is counted once", async () => {
  const input = await fresh();
  const span = spanOf(5);
  await send(input, [span, span]);
  await traceReceiver(db).flush(NOW);
  await send(input, [span]);
  await traceReceiver(db).flush(NOW + 10_000);
  assert.deepEqual(Object.values(await counts(input)), [1]);
});

test("counts go on after a restart, and add up over several processes", async () => {
  const input = await fresh();
  await send(input, [spanOf(5)]);
  await traceReceiver(db).flush(NOW - 20_000);
  const other = openDatabase(url);
  await send(input, [spanOf(5), spanOf(6)], other);
  await send(input, [spanOf(5)]);
  await Promise.all([traceReceiver(other).flush(NOW), traceReceiver(db).flush(NOW)]);
  await other.$disconnect();
  const [[name, samples] = ["", []]] = Object.entries(await allSamples(db, input.hostId)).filter(([key]) =>
    /duration_count/.test(key),
  );
  const values = samples.map(([, bits]) => toNumber(bits));
  assert.equal(values.at(-1), 4, name);
  assert.deepEqual(
    values,
    [...values].sort((a, b) => a - b),
  );
  assert.equal(values[0], 0);
});

test("of ten thousand operations a hundred are counted each by itself, and the rest visibly together", async () => {
  const input = await fresh();
  const spans = Array.from({ length: 10_000 }, (_, n) => spanOf(1, { name: `op ${n}`, attributes: [] }));
  await send(input, spans);
  await traceReceiver(db).flush(NOW);
  const series = await counts(input);
  assert.equal(Object.keys(series).length, 101);
  assert.equal(
    series['traces.span.duration_count{job="shop",operation="other",span.kind="server",status="ok"}'],
    9_900,
  );
  assert.deepEqual(await newest(input, "traces.span.other"), { 'traces.span.other{job="shop"}': 9_900 });
});

test("the slowest five and the failed five traces of an operation and hour are kept whole", async () => {
  const input = await fresh();
  const slow = Array.from({ length: 12 }, (_, n) => spanOf(10 + n));
  const failed = Array.from({ length: 8 }, () => spanOf(1, { status: { code: 2, message: "password=hunter2" } }));
  const [slowest] = slow.slice(-1);
  const child = spanOf(3, { traceId: slowest?.traceId, parentSpanId: slowest?.spanId, kind: 1, name: "render" });
  await send(input, [...slow, ...failed]);
  await traceReceiver(db).flush(NOW);
  await send(input, [child]);
  await traceReceiver(db).flush(NOW + 10_000);
  const filter = { from: new Date(NOW - HOUR_MS), to: new Date(NOW + 1) };
  const { traces, total } = await listTraces(db, input.hostId, filter, { limit: 100 });
  assert.equal(total, traces.length);
  assert.equal(traces.filter(({ reasons }) => reasons.includes("slow")).length, 5);
  assert.equal(traces.filter(({ reasons }) => reasons.includes("failed")).length, 5);
  assert.equal(traces[0]?.traceId, slowest?.traceId);
  const trace = await readTrace(db, input.hostId, slowest?.traceId ?? "");
  assert.deepEqual(
    trace.spans.map(({ name }) => name),
    ["GET", "render"],
  );
  const failures = { ...filter, reason: "failed" as const };
  const page = (offset: number) => listTraces(db, input.hostId, failures, { sort: "newest", limit: 3, offset });
  const pages = [await page(0), await page(3)];
  assert.deepEqual(
    pages.map((each) => [each.total, each.traces.length]),
    [
      [5, 3],
      [5, 2],
    ],
  );
  assert.equal(new Set(pages.flatMap((each) => each.traces.map(({ traceId }) => traceId))).size, 5, "each once");
  const [bad] = pages[0]?.traces ?? [];
  const { spans } = await readTrace(db, input.hostId, bad?.traceId ?? "");
  assert.equal(spans[0]?.message, "password=***");
});

test("what is kept of a trace hides secrets, statements and what was asked for, and is bounded", async () => {
  const input = await fresh();
  const traceId = idOf(16);
  const secrets = attributes({
    "db.query.text": "SELECT * FROM t WHERE mail = 'a@b.c' AND n = 42 AND u = 'cut off",
    "url.full": "https://x.example/p?token=abc",
    "http.request.header.authorization": "Bearer abcdefgh",
    "db.query.parameter.0": "private",
    long: "y".repeat(5_000),
  });
  const many = Array.from({ length: 400 }, () => spanOf(2, { traceId, kind: 1, attributes: secrets }));
  await send(input, [spanOf(50, { traceId, attributes: secrets }), ...many]);
  await traceReceiver(db).flush(NOW);
  const trace = await readTrace(db, input.hostId, traceId);
  const text = JSON.stringify(trace);
  const read = JSON.stringify(trace.spans.map(({ name, message, attributes: kept }) => ({ name, message, kept })));
  for (const secret of ["a@b.c", "42", "cut off", "abc", "private"])
    assert.ok(!read.includes(`"${secret}`) && !read.includes(` ${secret}`), secret);
  assert.equal(trace.spans[0]?.attributes["db.query.text"], "SELECT * FROM t WHERE mail = ? AND n = ? AND u = ?");
  assert.ok(trace.spans.length <= 200 && Buffer.byteLength(text) < 80 * 1_024);
  assert.equal(trace.spans.length + trace.dropped, 401);
});

test("an operation that is named by its address is counted without what was asked for, the user and secrets", async () => {
  const input = await fresh();
  const names: [name: string, operation: string][] = [
    ["POST /pay?token=OPSECRET1 OPSECRET1", "POST /pay"],
    ["GET /page#OPSECRET2", "GET /page"],
    ["GET https://me:OPSECRET3@x.example/a#b", "GET https://x.example/a"],
    ["login password=OPSECRET4", "login password=***"],
    ["api/orders#show", "api/orders#show"],
    ["Orders::Cart#empty?", "Orders::Cart#empty?"],
    ["GET /api/v1/CustomerSubscriptionItems", "GET /api/v1/CustomerSubscriptionItems"],
  ];
  const routes: [route: string, operation: string][] = [
    ["/carts/:id?/items", "GET /carts/:id?/items"],
    ["/carts?token=OPSECRET5", "GET /carts"],
  ];
  await send(input, [
    ...names.map(([name]) => spanOf(5, { name, attributes: [], status: { code: 2 } })),
    ...routes.map(([route]) =>
      spanOf(5, { attributes: attributes({ "http.request.method": "GET", "http.route": route }) }),
    ),
  ]);
  await traceReceiver(db).flush(NOW);
  const expected = [...names, ...routes].map(([, operation]) => operation).sort();
  const counted = Object.keys(await counts(input)).map((name) => /operation="([^"]*)"/.exec(name)?.[1]);
  assert.deepEqual(counted.sort(), expected);
  const span = { from: new Date(NOW - MINUTE_MS), to: new Date(NOW + 1) };
  const { traces } = await listTraces(db, input.hostId, span, { limit: 100 });
  assert.deepEqual([...new Set(traces.map(({ operation }) => operation))].sort(), expected);
  for (const { traceId } of traces)
    assert.doesNotMatch(JSON.stringify(await readTrace(db, input.hostId, traceId)), /OPSECRET/);
});

test("a service whose name shows nothing has the name of an unknown one, and no name is drawn in another order than it is written", async () => {
  const input = await fresh();
  const services = ["   ", "\u200b\t", "", "a\u202egpj.exe", "\u2067shop\u2069"];
  for (const service of services)
    await receiveOtlp(db, input, "traces", jsonBody(spansJson([spanOf(5)], { "service.name": service })), NOW);
  await traceReceiver(db).flush(NOW);
  const jobs = Object.entries(await counts(input)).map(([name, n]) => [/job="([^"]*)"/.exec(name)?.[1], n]);
  assert.deepEqual(jobs.sort(), [
    ["agpj.exe", 1],
    ["shop", 1],
    ["unknown_service", 3],
  ]);
});

test("spans whose clocks are wrong are answered so, and the others are counted", async () => {
  const input = await fresh();
  const answer = await send(input, [
    spanOf(1, { startTimeUnixNano: nanos(NOW - HOUR_MS), endTimeUnixNano: nanos(NOW - HOUR_MS) }),
    spanOf(1, { endTimeUnixNano: nanos(NOW + HOUR_MS) }),
    spanOf(1, { startTimeUnixNano: "0" }),
    spanOf(1, { startTimeUnixNano: nanos(NOW + 1) }),
    spanOf(1, { traceId: "" }),
    spanOf(1, { spanId: "0".repeat(16) }),
    spanOf(5 * MINUTE_MS, { endTimeUnixNano: nanos(NOW - 4 * MINUTE_MS) }),
    spanOf(1),
  ]);
  assert.equal(answer.partialSuccess.rejectedSpans, "6");
  await traceReceiver(db).flush(NOW);
  assert.deepEqual(Object.values(await counts(input)), [2]);
});

test("traces go when they are older than they are kept, and with their host", async () => {
  const input = await fresh();
  const span = spanOf(5);
  await send(input, [span]);
  await traceReceiver(db).flush(NOW);
  await removeTracesBefore(db, NOW - DAY_MS);
  assert.equal((await readTrace(db, input.hostId, span.traceId)).spans.length, 1);
  await removeTracesBefore(db, NOW + 2 * HOUR_MS);
  await assert.rejects(
    readTrace(db, input.hostId, span.traceId),
    (error) => isDomainError(error) && error.type === "not-found",
  );
});
