import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isDomainError } from "#lib/errors.ts";
import { Drops } from "#lib/inputs/drops.ts";
import { SenderMemory } from "#lib/inputs/remote-write/message.ts";
import { uncompress } from "#lib/inputs/remote-write/snappy.ts";
import { readVersion1 } from "#lib/inputs/remote-write/version-1.ts";
import { readVersion2 } from "#lib/inputs/remote-write/version-2.ts";
import { markStale } from "#lib/metrics/stale-marker.ts";
import { encodeVersion1, encodeVersion2, type WrittenSeries } from "../../support/remote-write.ts";
import { snappy, snappyLiterals } from "../../support/snappy.ts";

const MIB = 1024 ** 2;

/** Runs what may refuse its input; whatever else it throws fails the test. */
function orRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isDomainError(error) && ["validation", "too-large"].includes(error.type)) return undefined;
    throw error;
  }
}

const bytes = fc.uint8Array({ maxLength: 3_000 }).map((array) => Buffer.from(array));
/** What repeats, near and far, as labels do. */
const repeating = fc
  .array(
    fc.tuple(fc.constantFrom("a", "abcd", "instance", '{job="shop"}', "\u0000"), fc.integer({ min: 1, max: 90 })),
    {
      maxLength: 60,
    },
  )
  .map((runs) => Buffer.from(runs.map(([text, count]) => text.repeat(count)).join("")));

test("a block is unpacked to what it was made of, with copies of any length and distance or without", () => {
  fc.assert(
    fc.property(fc.oneof(bytes, repeating), (text) => {
      assert.deepEqual(uncompress(snappyLiterals(text), MIB), text);
      assert.deepEqual(uncompress(snappy(text), MIB), text);
    }),
  );
  const long = Buffer.alloc(300_000, "labels of a long request, ");
  assert.deepEqual(uncompress(snappy(long), MIB), long);
  // Copies with an offset of four bytes, which senders need beyond 64 KiB only.
  assert.deepEqual(
    uncompress(Buffer.from([8, 3 << 2, 97, 98, 99, 100, 3 | (3 << 2), 4, 0, 0, 0]), 8).toString(),
    "abcdabcd",
  );
});

test("what is no block is refused, and a bomb before a byte of it is unpacked", () => {
  fc.assert(
    fc.property(bytes, (text) => void orRefused(() => uncompress(text, MIB))),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(repeating, fc.nat(), fc.nat(255), (text, at, byte) => {
      const block = snappy(text);
      block[at % block.length] = byte;
      orRefused(() => uncompress(block, MIB));
      orRefused(() => uncompress(block.subarray(0, at % block.length), MIB));
    }),
    { numRuns: 1_000 },
  );
  const says = (block: number[], limit = MIB) => {
    try {
      uncompress(Buffer.from(block), limit);
      return "taken";
    } catch (error) {
      return isDomainError(error) ? error.type : "failed";
    }
  };
  assert.equal(says([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), "too-large", "4 GiB by six bytes");
  assert.equal(says([0x80, 0x80, 0x40, 0, 97]), "validation", "1 MiB that five bytes cannot hold gets no memory");
  assert.equal(says([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), "validation");
  assert.equal(says([]), "validation");
  assert.equal(says([0]), "taken");
  assert.equal(says([4, 1 | (0 << 2), 1]), "validation", "a copy of what is not there yet");
});

const label = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
const written: fc.Arbitrary<WrittenSeries> = fc
  .record({
    name: fc.constantFrom("up", "http_requests_total"),
    labels: fc.dictionary(label, label, { maxKeys: 5 }),
    samples: fc.array(fc.tuple(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.option(fc.double())), {
      maxLength: 4,
    }),
  })
  .map(({ name, labels, samples }) => {
    const values = Float64Array.from(samples, ([, value]) => value ?? 0);
    for (const [n, [, value]] of samples.entries()) if (value === null) markStale(values, n);
    return { labels: { ...labels, __name__: name }, times: samples.map(([at]) => at), values };
  });

const read = (message: Buffer, version: 1 | 2, memory = new SenderMemory(), drops = new Drops()) =>
  (version === 1 ? readVersion1 : readVersion2)(message, memory, drops).series;

test("what a sender encodes is read: labels, instants, values and stale markers, the first time and again", () => {
  const memories = [new SenderMemory(), new SenderMemory()];
  fc.assert(
    fc.property(fc.array(written, { maxLength: 8 }), (series) => {
      const expected = series.flatMap(({ labels: { __name__: metric = "", ...labels }, times, values }) =>
        values.length === 0
          ? []
          : [{ metric, labels, samples: Array.from(times, (at, n) => [at, Number(values[n])] as const) }],
      );
      for (const version of [1, 2, 1, 2] as const) {
        const message = version === 1 ? encodeVersion1(series) : encodeVersion2(series);
        const found = read(message, version, memories[version - 1]);
        assert.deepEqual(
          found.map(({ metric, labels, samples }) => ({
            ...{ metric, labels: { ...labels } },
            samples: samples.map(({ at, value }) => [at, value]),
          })),
          expected,
        );
        const stale = found.flatMap(({ samples }) => samples.map((sample) => sample.stale === true));
        const bits = series.flatMap(({ values }) => [...new BigUint64Array(values.slice().buffer)]);
        assert.deepEqual(
          stale,
          bits.map((word) => word === 0x7ff0000000000002n),
        );
      }
    }),
  );
});

test("what is no message, was cut off or was changed on the way is refused or read as something, and nothing fails", () => {
  fc.assert(
    fc.property(bytes, (message) => {
      orRefused(() => read(message, 1));
      orRefused(() => read(message, 2));
    }),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(fc.array(written, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(255), (series, at, byte) => {
      for (const version of [1, 2] as const) {
        const message = version === 1 ? encodeVersion1(series) : encodeVersion2(series);
        orRefused(() => read(message.subarray(0, at % message.length), version));
        message[at % message.length] = byte;
        orRefused(() => read(message, version));
      }
    }),
    { numRuns: 1_000 },
  );
});

/** A native histogram with a bucket that has no count. */
const BROKEN = Buffer.from([0x5a, 0x02, 0x10, 0x01]);

const once = (labels: Record<string, string>, more: Partial<WrittenSeries> = {}): WrittenSeries => ({
  ...{ labels, times: [1], values: Float64Array.of(1) },
  ...more,
});

test("the type, help and unit of a family become those of its metrics, whenever they come", () => {
  const memory = new SenderMemory();
  const series = [
    "up",
    "wait_seconds_bucket",
    "wait_seconds_count",
    "wait_seconds_sum",
    "jobs_total",
    "other_total",
  ].map((name) => once({ __name__: name }));
  const kinds = () => read(encodeVersion1(series), 1, memory).map(({ kind, unit, help }) => [kind, unit, help].join());
  assert.deepEqual(kinds(), Array(6).fill(",,"));
  const families = [
    { family: "up", type: 2, help: "Is it up", unit: "" },
    { family: "wait_seconds", type: 3, help: "Wait", unit: "seconds" },
    { family: "jobs", type: 1, help: "Jobs", unit: "" },
    { family: "other_total", type: 1, help: "Others", unit: "" },
  ];
  read(encodeVersion1([], families), 1, memory);
  const described = [
    ...["gauge,,Is it up", "histogram,,Wait", "histogram,,Wait", "histogram,seconds,Wait"],
    ...["counter,,Jobs", "counter,,Others"],
  ];
  assert.deepEqual(kinds(), described);
  const inLine = encodeVersion2([
    once({ __name__: "wait_seconds_sum" }, { metadata: { type: 3, help: "Wait", unit: "seconds" } }),
    once({ __name__: "jobs_total" }, { metadata: { type: 1, help: "Jobs", unit: "" } }),
    once({ __name__: "size" }, { metadata: { type: 0, help: "Size", unit: "bytes" } }),
  ]);
  assert.deepEqual(
    read(inLine, 2).map(({ kind, unit, help }) => [kind, unit, help].join()),
    ["histogram,seconds,Wait", "counter,,Jobs", ",bytes,Size"],
  );
});

test("broken native histograms and exemplars are counted, a label that is there twice or no UTF-8 is named, and the rest is read", () => {
  for (const version of [1, 2] as const) {
    const drops = new Drops();
    const encode = version === 1 ? encodeVersion1 : encodeVersion2;
    const none = { times: [], values: new Float64Array() };
    const good = [
      once({ __name__: "latency" }, { ...none, histograms: [BROKEN, BROKEN] }),
      once({ __name__: "up" }, { exemplars: 3 }),
      once({ __name__: "fine", __proto__: "x", empty: "" }),
    ];
    const found = read(encode(good), version, new SenderMemory(), drops);
    assert.deepEqual(
      found.map(({ metric }) => metric),
      ["up", "fine"],
    );
    assert.deepEqual(
      drops.list().map(({ reason, samples }) => [reason, samples]),
      [
        ["native_histogram", 2],
        ["exemplar", 3],
      ],
    );
  }
  const drops = new Drops();
  const twice = encodeVersion1([once({ __name__: "a", b: "1", c: "2" })]);
  const name = twice.indexOf("c");
  twice[name] = "b".charCodeAt(0);
  assert.deepEqual(read(twice, 1, new SenderMemory(), drops), []);
  const broken = encodeVersion1([once({ __name__: "a", b: "xy" })]);
  broken[broken.indexOf("xy")] = 0xff;
  assert.deepEqual(read(broken, 1, new SenderMemory(), drops), []);
  assert.deepEqual(drops.list(), [{ reason: "invalid_name", samples: 2, example: 'a{b="2"}: it has a label twice' }]);
});

test("a message of one version that says it is of the other, and labels that no symbol is there for, are refused", () => {
  assert.throws(() => read(encodeVersion1([once({ __name__: "up" })]), 2), /message of 1\.0/);
  const message = encodeVersion2([once({ __name__: "up" })]);
  assert.throws(() => read(message, 1), /message of 2\.0: send application/);
  assert.throws(() => read(message.subarray(message.indexOf("up") + 2), 2), /symbol/);
});
