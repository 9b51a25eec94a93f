import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { freshDatabase } from "../support/database.ts";
import { series } from "../support/incoming.ts";
import { addInput, allSamples } from "../support/inputs.ts";

const NOW = Date.now();
const SPAN = 6 * HOUR_MS;
/** A stream reaches this far into the span after the one that it begins in. */
const BEYOND_MS = 75 * MINUTE_MS;
/** Well within a span that is over, so that it can be compacted, and whose streams are over too. */
const START = Math.floor((NOW - BEYOND_MS) / SPAN) * SPAN - SPAN + HOUR_MS;
const STALE = 0x7ff0000000000002n;

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
});

const bitsOf = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;

const wanted = (stream: IncomingSeries[]) => {
  const named = new Map<string, Map<number, bigint>>();
  for (const { metric, labels, samples } of stream) {
    const name = `${metric}{${Object.keys(labels)
      .sort()
      .map((label) => `${label}=${JSON.stringify(labels[label])}`)
      .join(",")}}`;
    const own = named.get(name) ?? new Map<number, bigint>();
    named.set(name, own);
    for (const { at, value, stale } of samples) if (!own.has(at)) own.set(at, stale ? STALE : bitsOf(value));
  }
  return Object.fromEntries(
    [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => [name, [...own].sort(([a], [b]) => a - b)]),
  );
};

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308) },
);
const sample = fc.record({
  step: fc.integer({ min: 0, max: 1_500 }),
  stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  value,
});
const drawnSeries = fc.record({
  metric: fc.constantFrom("up", "http_requests_total", "queue_length"),
  job: fc.constantFrom("shop", "mail"),
  route: fc.integer({ min: 0, max: 60 }),
  samples: fc.array(sample, { maxLength: 12 }),
});

test("any cutting, order and repetition of a stream stores the same as the stream at once, whatever was compacted meanwhile", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawnSeries, { minLength: 1, maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      async (drawn, noise) => {
        const stream = drawn.map(({ metric, job, route, samples }) =>
          series(
            metric,
            { job, route: String(route) },
            samples.map(({ step, stale, value: v }) => ({
              at: START + step * 15_000,
              value: v,
              ...(stale ? { stale } : {}),
            })),
          ),
        );
        // One value an instant: a sender that changes its mind is another test.
        const first = new Map<string, IncomingSample>();
        for (const { metric, labels, samples } of stream)
          for (const [n, own] of samples.entries()) {
            const key = `${metric} ${labels.job} ${labels.route} ${own.at}`;
            samples[n] = first.get(key) ?? own;
            first.set(key, samples[n] as IncomingSample);
          }
        const input = await addInput(db, `property ${runs++}`);
        const pieces = stream.flatMap(({ metric, labels, samples }) =>
          samples.map((own) => ({ metric, labels: { ...labels }, samples: [own] })),
        );
        const again = pieces.filter(() => (noise.next().value ?? 0) % 3 === 0);
        const shuffled = [...pieces, ...again]
          .map((piece) => ({ piece, key: noise.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ piece }) => piece);
        while (shuffled.length > 0) {
          const choice = noise.next().value ?? 0;
          const cut = () => shuffled.splice(0, 1 + ((noise.next().value ?? 0) % 40));
          // Now and then several at once, as shards send.
          const parts = choice % 3 === 0 ? [cut(), cut(), cut()] : [cut()];
          await Promise.all(parts.map((part) => storeIncoming(db, input, part, NOW)));
          if (choice % 5 === 0) await compactDue(db, NOW);
        }
        assert.deepEqual(
          await allSamples(db, input.hostId),
          wanted(stream.filter(({ samples }) => samples.length > 0)),
        );
        await compactDue(db, NOW);
        assert.deepEqual(
          await allSamples(db, input.hostId),
          wanted(stream.filter(({ samples }) => samples.length > 0)),
        );
      },
    ),
    { numRuns: 25 },
  );
});

test("a value that is stored stays, though another one comes for its instant, in a frame or in a chunk", async () => {
  const input = await addInput(db, "twice");
  const at = START + 1_000;
  const send = (v: number, instant = at) =>
    storeIncoming(db, input, [series("up", {}, [{ at: instant, value: v }])], NOW);
  await send(1);
  await send(2);
  assert.deepEqual(Object.values(await allSamples(db, input.hostId)), [[[at, bitsOf(1)]]]);
  await send(7, NOW);
  await compactDue(db, NOW);
  assert.equal(await db.frame.count({ where: { hostId: input.hostId } }), 1);
  assert.deepEqual(await send(3), { stored: 1, dropped: [] });
  assert.equal(
    await db.frame.count({ where: { hostId: input.hostId } }),
    1,
    "a replay of what is compacted makes no frame",
  );
  assert.deepEqual(Object.values(await allSamples(db, input.hostId)), [
    [
      [at, bitsOf(1)],
      [NOW, bitsOf(7)],
    ],
  ]);
});

test("two processes that take parts of the same frames at once, each with new series, complete one another", async () => {
  const other = openDatabase(url, { maxConnections: 2 });
  try {
    const input = await addInput(db, "replicas");
    const part = (n: number, from: number) =>
      Array.from({ length: 20 }, (_, i) =>
        series("m", { n: String(from + i) }, [{ at: START + n * 15_000, value: from + i }]),
      );
    for (let n = 0; n < 10; n++)
      await Promise.all([
        storeIncoming(db, input, part(n, 0), NOW),
        storeIncoming(other, input, part(n, 10 + n * 5), NOW),
        storeIncoming(other, input, part(n, 100), NOW),
      ]);
    const stream = Array.from({ length: 10 }, (_, n) => [
      ...part(n, 0),
      ...part(n, 10 + n * 5),
      ...part(n, 100),
    ]).flat();
    assert.deepEqual(await allSamples(db, input.hostId), wanted(stream));
    assert.equal(await db.frame.count({ where: { hostId: input.hostId } }), 10);
  } finally {
    await other.$disconnect();
  }
});

test("schemas do not explode: series that come one by one share a schema, a wide source has parts, and one whose series ended is begun anew", async () => {
  const input = await addInput(db, "growing");
  const at = NOW - MINUTE_MS;
  for (let n = 0; n < 30; n++)
    await storeIncoming(db, input, [series("m", { n: String(n) }, [{ at: at + n, value: n }])], NOW);
  const schemas = () => db.frameSchema.findMany({ where: { hostId: input.hostId }, orderBy: { id: "asc" } });
  // Each came at an instant of its own, so that the interval was looked at anew now and then.
  assert.ok((await schemas()).length <= 3, `${(await schemas()).length} schemas`);
  const many = (prefix: string, instant: number, stale: boolean) =>
    Array.from({ length: 450 }, (_, n) =>
      series("wide", { instance: "b:80", n: `${prefix}${n}` }, [{ at: instant, value: n, stale }]),
    );
  await storeIncoming(db, input, many("a", at, false), NOW);
  const wide = () => db.source.findMany({ where: { hostId: input.hostId, name: { startsWith: "shop/b:80" } } });
  assert.deepEqual((await wide()).map(({ name }) => name).sort(), ["shop/b:80", "shop/b:80 #2", "shop/b:80 #3"]);
  // The pods of before end, others take their place: once, and a thousand times.
  for (let n = 0; n < 4; n++) {
    await storeIncoming(db, input, many(n === 0 ? "a" : `p${n - 1} `, at + n * 1_000 + 500, true), NOW);
    await storeIncoming(db, input, many(`p${n} `, at + (n + 1) * 1_000, false), NOW);
  }
  assert.equal((await wide()).length, 3, "series that have ended make room");
  const widths = (await schemas()).map(({ seriesIds }) => seriesIds.length);
  assert.ok(Math.max(...widths) <= 200, String(widths));
  assert.equal(Object.keys(await allSamples(db, input.hostId)).length, 30 + 450 * 5);
  // One of the first comes back: it is the same series.
  await storeIncoming(db, input, [series("wide", { instance: "b:80", n: "a7" }, [{ at: at + 20_000, value: 1 }])], NOW);
  const back = (await allSamples(db, input.hostId))['wide{instance="b:80",job="shop",n="a7"}'];
  assert.deepEqual(back, [
    [at, bitsOf(7)],
    [at + 500, STALE],
    [at + 20_000, bitsOf(1)],
  ]);
  assert.equal(await db.series.count({ where: { hostId: input.hostId } }), 30 + 450 * 5);
});

test("charts and rollups leave out what is not finite, and the line breaks where a series ended", async () => {
  const input = await addInput(db, "charts");
  const from = START;
  const points = (values: (number | "stale")[]): IncomingSample[] =>
    values.map((v, n) => ({ at: from + n * 60_000, ...(v === "stale" ? { value: 0, stale: true } : { value: v }) }));
  const gauge = [1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, 6, "stale", 8, 9] as const;
  const counter = [10, 20, 30, "stale", 5, 15, Number.NaN, 25] as const;
  await storeIncoming(
    db,
    input,
    [
      { ...series("level", {}, points([...gauge])), kind: "gauge" },
      { ...series("total", {}, points([...counter])), kind: "counter", unit: "requests", help: "Requests" },
      series("level", { instance: "now:1" }, [{ at: NOW, value: 1 }]),
      series("level", {}, [{ at: NOW, value: 1 }]),
    ],
    NOW,
  );
  const ask = async () => {
    const result = await queryRange(db, {
      hostId: input.hostId,
      series: ['level{instance="a:80"}', "total"],
      from,
      to: from + 40 * MINUTE_MS,
      stepMs: MINUTE_MS,
    });
    return Object.fromEntries(
      result.series.map(({ metric, points: own }) => [metric, own.map(([at, v]) => [(at - from) / MINUTE_MS, v])]),
    );
  };
  const level = [
    [0, 1],
    [1, 2],
    [2, null],
    [3, 4],
    [4, null],
    [5, 6],
    [6, null],
    [7, 8],
    [8, 9],
  ];
  // A rate needs two samples without a gap or an end between.
  const fromFrames = await ask();
  assert.deepEqual(fromFrames.level, level);
  assert.deepEqual(
    fromFrames.total?.filter(([, v]) => v !== null).map(([n]) => n),
    [1, 2, 5],
  );
  await compactDue(db, NOW);
  assert.deepEqual(await ask(), fromFrames, "compacted, it is the same");
});

test("what is measured each minute has that interval, and what changes to 15 s has that", async () => {
  const input = await addInput(db, "cadence");
  const beat = (from: number, stepMs: number, count: number) =>
    Array.from({ length: count }, (_, n) => from + n * stepMs + (n % 3) * 20);
  const instants = [...beat(START, 60_000, 20), ...beat(START + 20 * 60_000, 15_000, 30)];
  for (const at of instants) await storeIncoming(db, input, [series("up", {}, [{ at, value: 1 }])], NOW);
  const frames = await db.$queryRaw<{ at: number; interval: number }[]>`
    SELECT extract(epoch FROM f.at)::float8 * 1000 AS at, s.interval_ms AS interval FROM frame f
    JOIN frame_schema s ON s.host_id = f.host_id AND s.id = f.frame_schema_id WHERE f.host_id = ${input.hostId} ORDER BY f.at`;
  assert.deepEqual(new Set(frames.map(({ interval }) => interval)), new Set([60_000, 15_000]));
  assert.equal(frames.at(-1)?.interval, 15_000);
  assert.equal(await db.frameSchema.count({ where: { hostId: input.hostId } }), 2);
});

test("a kind that is said later becomes the series'; one that was rolled up already goes on as another series", async () => {
  const input = await addInput(db, "kinds");
  const send = (at: number, more: Partial<IncomingSeries> = {}) =>
    storeIncoming(db, input, [{ ...series("requests", {}, [{ at, value: 1 }]), ...more }], NOW);
  const kinds = () =>
    db.series
      .findMany({ where: { hostId: input.hostId }, orderBy: { id: "asc" } })
      .then((rows) => rows.map(({ kind, unit, help }) => `${kind} ${unit} ${help}`));
  await send(START);
  assert.deepEqual(await kinds(), ["gauge  "]);
  await send(START + 1_000, { kind: "counter", unit: "requests", help: "All of them" });
  await send(START + 2_000);
  assert.deepEqual(await kinds(), ["counter requests All of them"]);
  await send(NOW);
  await compactDue(db, NOW);
  await send(NOW + 1, { kind: "gauge", help: "x".repeat(3_000) });
  await send(NOW + 2, { kind: "gauge" });
  assert.deepEqual(
    (await kinds()).map((text) => text.slice(0, 7)),
    ["counter", "gauge  "],
  );
});
