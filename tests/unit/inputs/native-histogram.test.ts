import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Drops } from "#lib/inputs/drops.ts";
import { SenderMemory } from "#lib/inputs/remote-write/message.ts";
import { readVersion1 } from "#lib/inputs/remote-write/version-1.ts";
import { readVersion2 } from "#lib/inputs/remote-write/version-2.ts";
import { encodeHistogram, type WrittenHistogram } from "../../support/native-histogram.ts";
import { encodeVersion1, encodeVersion2 } from "../../support/remote-write.ts";

const AT = 1_700_000_000_000;
const STALE = 0x7ff0000000000002n;

function read(bytes: Buffer[], metric = "wait_seconds") {
  const series = [
    { labels: { __name__: metric, job: "shop" }, times: [], values: new Float64Array(), histograms: bytes },
  ];
  const both = [
    [readVersion1, encodeVersion1(series)],
    [readVersion2, encodeVersion2(series)],
  ] as const;
  const [first, second] = both.map(([reader, message]) => {
    const drops = new Drops();
    return { ...reader(message, new SenderMemory(), drops), drops: drops.list() };
  });
  assert.deepEqual(first, second);
  return first as NonNullable<typeof first>;
}

/** Values by `metric le`, with how many are at or below each bound. */
function values(written: Omit<WrittenHistogram, "at">, metric?: string): Record<string, number> {
  const { series, drops } = read([encodeHistogram({ at: AT, ...written })], metric);
  assert.deepEqual(drops, []);
  return Object.fromEntries(
    series.map(({ metric: name, labels, samples }) => {
      assert.equal(samples[0]?.at, AT);
      return [labels.le === undefined ? name : labels.le, samples[0]?.value as number];
    }),
  );
}

test("a native histogram is stored as classic buckets by the powers of two, with count and sum", () => {
  // Of schema 1 a bucket of index 1 is (1, √2], 2 is (√2, 2] and 3 (2, 2√2].
  const found = values({
    schema: 1,
    sum: 31,
    zero: 2,
    positive: [
      [1, 3],
      [2, 4],
      [3, 5],
    ],
    negative: [[0, 1]],
  });
  assert.deepEqual([found["0.0001220703125"], found["1"], found["2"], found["4"], found["+Inf"]], [3, 3, 10, 15, 15]);
  assert.deepEqual([found.wait_seconds_count, found.wait_seconds_sum], [15, 31]);
  // A coarser schema, fractions, and a bucket far behind the others.
  const coarse = values({
    schema: -2,
    isFloat: true,
    positive: [
      [0, 0.5],
      [1, 2.5],
    ],
  });
  assert.deepEqual([coarse["1"], coarse["8"], coarse["16"]], [0.5, 0.5, 3]);
  assert.equal(
    values(
      {
        positive: [
          [-100, 1],
          [100, 1],
        ],
      },
      "size_bytes",
    )["16"],
    1,
  );
});

test("bounds of its own are kept, a gauge is a gauge, and what ended is stale in all of its series", () => {
  const own = values({
    schema: -53,
    bounds: [0.1, 0.5, 1],
    positive: [
      [0, 4],
      [2, 1],
      [3, 2],
    ],
  });
  assert.deepEqual([own["0.1"], own["0.5"], own["1"], own["+Inf"]], [4, 4, 5, 7]);
  const gauge = read([encodeHistogram({ at: AT, positive: [[0, 1]], isGauge: true })]);
  assert.ok(gauge.series.every(({ kind }) => kind === "gauge"));
  const ended = read([encodeHistogram({ at: AT, sumBits: STALE })]);
  assert.ok(ended.series.length > 20 && ended.series.every(({ samples }) => samples[0]?.stale === true));
  const counter = read([encodeHistogram({ at: AT, positive: [[0, 1]] })]);
  assert.deepEqual(
    counter.series.map(({ metric, labels }) => `${metric} ${labels.le ?? ""}`),
    ended.series.map(({ metric, labels }) => `${metric} ${labels.le ?? ""}`),
  );
});

test("whatever is wrong with one histogram is said, and the next is read", () => {
  const good = encodeHistogram({ at: AT, positive: [[0, 1]] });
  const cases: [WrittenHistogram, RegExp][] = [
    [{ at: AT, positive: [[0, 5]], isFloat: true, zero: -1 }, /negative count/],
    [{ at: AT, positive: [[0, -5]] }, /negative count/],
    [{ at: AT, schema: 90, positive: [[0, 5]] }, /scale is 90/],
    [{ at: AT, schema: -53, bounds: [1], positive: [[7, 5]] }, /no bound/],
    [{ at: AT, schema: -53, bounds: [2, 1], positive: [[0, 5]] }, /ascend/],
  ];
  for (const [written, problem] of cases) {
    const { drops, histograms } = read([encodeHistogram(written), good]);
    assert.deepEqual(
      [drops.map(({ reason, samples }) => [reason, samples]), histograms],
      [[["native_histogram", 1]], 1],
    );
    assert.match(drops[0]?.example ?? "", problem);
  }
  // Spans that promise four thousand million buckets.
  const bomb = Buffer.from([0x5a, 0x06, 0x10, 0xff, 0xff, 0xff, 0xff, 0x0f]);
  assert.match(read([bomb, good]).drops[0]?.example ?? "", /do not match/);
});

test("no bytes in place of a histogram break anything but their own message", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        read([Buffer.from(bytes)]);
      } catch (error) {
        assert.match(String(error), /DomainError: The body is no message/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("every count lies within its bounds, whatever the schema", () => {
  const index = fc.integer({ min: -40, max: 40 });
  const buckets = fc.uniqueArray(fc.tuple(index, fc.nat(1_000)), { selector: ([n]) => n, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: -4, max: 8 }), buckets, (schema, positive) => {
      const sorted = positive.toSorted((a, b) => a[0] - b[0]) as [number, number][];
      const found = values({ schema, positive: sorted });
      for (const [le, below] of Object.entries(found)) {
        const bound = Number(le);
        if (Number.isNaN(bound) || bound <= 2 ** -13 || le === "+Inf") continue;
        const wanted = sorted.filter(([n]) => n <= Math.log2(bound) * 2 ** schema);
        assert.equal(
          below,
          wanted.reduce((sum, [, count]) => sum + count, 0),
          `${le} at schema ${schema}`,
        );
      }
    }),
  );
});
