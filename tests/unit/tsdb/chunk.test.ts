import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeChunk, encodeChunk } from "#lib/tsdb/codec/chunk.ts";

const bits = (values: Float64Array) => [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];

function assertSame(times: Float64Array, columns: Float64Array[]): void {
  const back = decodeChunk(encodeChunk({ times, columns }));
  assert.deepEqual([...back.times], [...times]);
  assert.deepEqual(back.columns.map(bits), columns.map(bits));
}

const instants = fc
  .array(fc.integer({ min: 0, max: 2 ** 47 }), { minLength: 0, maxLength: 300 })
  .map((times) => Float64Array.from([...new Set(times)].sort((a, b) => a - b)));
const bitPattern = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((n) => new Float64Array(BigUint64Array.of(n).buffer)[0] as number);
const decimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }))
  .map(([n, places]) => n / 10 ** places);
const value = fc.oneof(
  fc.double(),
  bitPattern,
  decimal,
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
    Number.MAX_VALUE,
    2 ** 53,
  ),
);

test("whatever the doubles and the times: decoding gives every bit back", () => {
  fc.assert(
    fc.property(instants, fc.infiniteStream(value), fc.integer({ min: 0, max: 4 }), (times, values, width) => {
      const column = () => Float64Array.from(times, () => values.next().value as number);
      assertSame(times, Array.from({ length: width }, column));
    }),
    { numRuns: 400 },
  );
});

test("columns of one kind of value keep their bits in the form made for it", () => {
  fc.assert(
    fc.property(
      instants,
      fc.constantFrom(decimal, fc.integer({ min: 0, max: 2 ** 40 }), fc.constant(7.25)),
      fc.nat(),
      (times, kind, seed) => {
        const drawn = fc.sample(kind, { seed, numRuns: Math.max(times.length, 1) });
        assertSame(times, [Float64Array.from(times, (_, i) => drawn[i] as number)]);
      },
    ),
    { numRuns: 200 },
  );
});

test("a NaN keeps the bits that tell it from another", () => {
  const odd = new Float64Array(BigUint64Array.of(0x7ff8000000000001n, 0xfff8dead00000000n, 0x7ff0000000000001n).buffer);
  assertSame(Float64Array.of(1, 2, 3), [odd]);
});

test("what hosts send is small: steady clocks and flat series cost next to nothing, counters little", () => {
  const count = 4_320;
  const times = Float64Array.from({ length: count }, (_, i) => 1_795_514_400_000 + i * 5_000);
  const size = (values: (i: number) => number) =>
    encodeChunk({ times, columns: [Float64Array.from(times, (_, i) => values(i))] }).length;
  assert.ok(size(() => 25_276_510_208) < 64);
  assert.ok(size((i) => 1_000_000 + i * 4_096) < 64);
  assert.ok(size((i) => Math.round(5_000 + 2_000 * Math.sin(i)) / 100) / count < 2);
});

test("bytes that are no chunk are refused", () => {
  assert.throws(() => decodeChunk(Uint8Array.of(1, 2, 3)));
  const whole = encodeChunk({ times: Float64Array.of(1, 2), columns: [Float64Array.of(0.1234567891, 2)] });
  assert.throws(() => decodeChunk(whole.subarray(0, whole.length - 4)));
});
