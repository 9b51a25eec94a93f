import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FrameColumns } from "#lib/tsdb/chunks/frame-columns.ts";

const PG_EPOCH_MS = Date.UTC(2000, 0, 1);
const INTERVAL_MS = 5_000;

/** A frame as PostgreSQL sends it: its instant and its array; the bits of each value, or null. */
type Frame = { at: number; values: (bigint | null)[] };

function bytesOf({ at, values }: Frame): Buffer {
  const instant = Buffer.alloc(8);
  instant.writeBigInt64BE(BigInt(at - PG_EPOCH_MS) * 1_000n);
  const head = Buffer.alloc(values.length === 0 ? 12 : 20);
  head.writeInt32BE(values.length === 0 ? 0 : 1);
  if (values.length > 0) head.writeInt32BE(values.length, 12);
  const elements = values.map((bits) => {
    if (bits === null) return Buffer.from([0xff, 0xff, 0xff, 0xff]);
    const element = Buffer.alloc(12);
    element.writeInt32BE(8);
    element.writeBigUInt64BE(bits, 4);
    return element;
  });
  return Buffer.concat([instant, head, ...elements]);
}

/** What a column of frames has, oldest first: instants and the bits of values. */
const expected = (frames: Frame[], position: number) =>
  frames
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, values }): [number, bigint][] => {
      const bits = values[position];
      return bits === null || bits === undefined ? [] : [[at, bits]];
    });

function read(frames: Frame[], columns: FrameColumns) {
  for (const frame of frames) {
    const bytes = bytesOf(frame);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    assert.equal(columns.take(view, 0), bytes.length);
  }
  return columns.done(INTERVAL_MS).map((run) => {
    if (!run) return undefined;
    assert.ok(run.intervals.length === run.times.length && run.intervals.every((own) => own === INTERVAL_MS));
    const bits = new BigUint64Array(run.values.slice().buffer);
    return [...run.times].map((at, n): [number, bigint] => [at, bits[n] as bigint]);
  });
}

const bits = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  // A stale marker, another NaN, -0 and an infinity.
  fc.constantFrom(0x7ff0000000000002n, 0xfff8dead00000000n, 0x8000000000000000n, 0x7ff0000000000000n),
);
const frames = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 0, max: 10_000 }).map((n) => Date.UTC(2026, 0, 1) + n),
    values: fc.array(fc.option(bits), { maxLength: 4 }),
  }),
  { selector: ({ at }) => at, maxLength: 60 },
);

test("samples come out of frames in order and to the bit, wherever frames lie, whatever they lack, and however many there are", () => {
  fc.assert(
    fc.property(frames, fc.boolean(), fc.integer({ min: 1, max: 80 }), (given, isSorted, room) => {
      const all = isSorted ? given.toSorted((a, b) => a.at - b.at) : given;
      const columns = read(all, new FrameColumns(room));
      const width = Math.max(0, ...all.map(({ values }) => values.length));
      assert.deepEqual(
        columns,
        Array.from({ length: width }, (_, position) => expected(all, position)),
      );
    }),
  );
});

test("of frames only the series that were asked for are read", () => {
  fc.assert(
    fc.property(frames, (all) => {
      const [none, first, second] = read(all, new FrameColumns(all.length, [2, 1]));
      assert.deepEqual([none, first, second], [undefined, expected(all, 1), expected(all, 2)]);
    }),
  );
});
