import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeBuckets, encodeSamples, encodeSteps } from "#lib/tsdb/chunks/chunks.ts";
import { type Bucket, StepWriter } from "#lib/tsdb/chunks/steps.ts";
import { decodeChunk } from "#lib/tsdb/codec/chunk.ts";

// Reads chunks by docs/chunk-format.md alone: nothing of lib/tsdb/codec is used here.

type Bytes = ReturnType<typeof readerOf>;

function readerOf(bytes: Uint8Array) {
  let at = 0;
  const byte = () => bytes[at++] as number;
  const take = (length: number) => Uint8Array.from({ length }, byte);
  const unsigned = () => {
    let [value, scale, next] = [0, 1, 0];
    do {
      next = byte();
      value += (next & 127) * scale;
      scale *= 128;
    } while (next & 128);
    return value;
  };
  const unzip = (zigZag: number) => (zigZag % 2 ? -(zigZag + 1) / 2 : zigZag / 2);
  /** A reader of bits that begins here, and what ends it at a whole byte. */
  const bits = () => {
    let [held, left] = [0, 0];
    return (count: number) => {
      let value = 0;
      for (let n = 0; n < count; n++) {
        if (left === 0) [held, left] = [byte(), 8];
        value += (held & 1) * 2 ** n;
        held >>= 1;
        left -= 1;
      }
      return value;
    };
  };
  const double = () => Buffer.from(take(8)).readDoubleLE();
  return {
    byte,
    take,
    unsigned,
    unzip,
    signed: () => unzip(unsigned()),
    bits,
    double,
    atEnd: () => at === bytes.length,
  };
}

function readSymbols(reader: Bytes, count: number): number[] {
  const [first, span] = [reader.byte(), reader.byte()];
  const bits = reader.bits();
  const weights = Array.from({ length: span + 1 }, () => {
    const length = bits(4);
    const kept = Math.min(2, length - 1);
    return length === 0 ? 0 : (2 ** kept + bits(kept)) * 2 ** (length - 1 - kept);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const frequencies = weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.floor((weight * 4096) / total))));
  const most = frequencies.indexOf(Math.max(...frequencies));
  frequencies[most] = (frequencies[most] as number) + 4096 - frequencies.reduce((sum, f) => sum + f, 0);
  const starts = frequencies.map((_, n) => frequencies.slice(0, n).reduce((sum, f) => sum + f, 0));
  let state = reader.byte() * 65_536 + reader.byte() * 256 + reader.byte();
  return Array.from({ length: count }, () => {
    const low = state % 4096;
    const n = starts.findIndex((start, i) => low >= start && low < start + (frequencies[i] as number));
    state = (frequencies[n] as number) * Math.floor(state / 4096) + low - (starts[n] as number);
    while (state < 65_536) state = state * 256 + reader.byte();
    return first + n;
  });
}

function readResiduals(reader: Bytes, count: number): number[] {
  const detail = reader.byte();
  if (detail === 255) return Array.from({ length: count }, reader.unsigned);
  const symbols = readSymbols(reader, count);
  const bits = reader.bits();
  return symbols.map((symbol) => {
    if (symbol < 2 ** (detail + 1)) return symbol;
    const below = (symbol >> detail) - 1;
    return (2 ** detail + (symbol % 2 ** detail)) * 2 ** below + bits(below);
  });
}

function readNumbers(reader: Bytes, count: number): number[] {
  const head = reader.byte();
  const order = head & 3;
  const first = reader.signed();
  const divisor = head & 8 ? reader.unsigned() : 1;
  let step = order === 2 ? reader.signed() : 0;
  const level = reader.signed();
  const length = Math.max(0, count - order);
  const rest = head & 16 ? new Array<number>(length).fill(0) : readResiduals(reader, length);
  const parts = rest.map((number) => level + (head & 4 ? number : reader.unzip(number)));
  if (order === 0) return parts.map((part) => first + divisor * part);
  const numbers = [first];
  let sum = 0;
  if (order === 2 && count > 1) {
    sum = step;
    numbers.push(first + divisor * sum);
  }
  for (const part of parts) {
    step = order === 1 ? part : step + part;
    sum += step;
    numbers.push(first + divisor * sum);
  }
  return numbers;
}

function readPlane(reader: Bytes, count: number): number[] {
  const form = reader.byte();
  if (form === 0) return new Array<number>(count).fill(reader.byte());
  return form === 1 ? readSymbols(reader, count) : [...reader.take(count)];
}

function readValues(reader: Bytes, count: number): number[] {
  const form = reader.byte();
  if (form === 0) return new Array<number>(count).fill(reader.double());
  if (form === 1) return new Array<number>(count).fill(reader.signed());
  if (form === 3) {
    const planes = Array.from({ length: 8 }, () => readPlane(reader, count));
    const value = new Uint8Array(8);
    return Array.from({ length: count }, (_, i) => {
      for (let k = 0; k < 8; k++) value[k] = (value[k] as number) ^ (planes[k]?.[i] as number);
      return Buffer.from(value).readDoubleLE();
    });
  }
  assert.equal(form, 2, "form");
  const scale = reader.byte();
  const [exponent, made] = [scale & 15, (scale >> 4) & 3];
  const values = readNumbers(reader, count).map((number) => {
    if (made === 0) return number / 10 ** exponent;
    return made === 1 ? number * Number(`1e-${exponent}`) : number / 1_000 / 10 ** (exponent - 3);
  });
  if (scale & 64) for (let left = reader.unsigned(); left > 0; left--) values[reader.unsigned()] = reader.double();
  return values;
}

function readChunk(data: Uint8Array): { times: number[]; columns: number[][] } {
  const reader = readerOf(data);
  assert.equal(reader.byte(), 2, "version");
  const [count, width] = [reader.unsigned(), reader.unsigned()];
  if (count === 0) return { times: [], columns: Array.from({ length: width }, () => []) };
  const times = readNumbers(reader, count);
  const columns = Array.from({ length: width }, () => readValues(reader, count));
  assert.ok(reader.atEnd(), "nothing follows the last column");
  return { times, columns };
}

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -1e6, max: 1e6 }).map((number) => number / 1_000),
  fc.integer({ min: 0, max: 400 }).map((number) => number * 0.001),
  fc.integer({ min: 0, max: 4e8 }).map((number) => number / 1_000 / 1_000),
  fc.constantFrom(0, -0, 5, 1e308, 1e-200, Number.POSITIVE_INFINITY),
);

test("a program that follows the page about the format reads every raw chunk", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), value), { maxLength: 120 }),
      fc.constantFrom(0, 1_000, Date.UTC(2046, 0, 1)),
      (steps, start) => {
        let at = start;
        const times = Float64Array.from(steps, ([step]) => {
          at += step;
          return at;
        });
        const values = Float64Array.from(steps, ([, number]) => number);
        const intervals = new Float64Array(steps.length).fill(5_000);
        const { times: readTimes, columns } = readChunk(encodeSamples({ times, values, intervals }));
        assert.deepEqual(readTimes, [...times]);
        assert.deepEqual(columns, [[...values], [...intervals]]);
      },
    ),
  );
});

function encodeBuckets(buckets: Bucket[], kind: "gauge" | "counter"): Uint8Array {
  const steps = new StepWriter(1);
  for (const { start, count, sum, weight, min, max, last, gap } of buckets)
    steps.add(start, count, sum, weight, min, max, last, gap ? 1 : 0);
  return encodeSteps(steps.done(), kind);
}

test("a program that follows the page about the format reads minutes of a gauge and of a counter", () => {
  const bucket = { start: 60_000, count: 12, sum: 30, weight: 55, min: 0.1, max: 2.5, last: 130, gap: true };
  const shown = [[12], [30], [0.1], [2.5], [130], [1]];
  const counter = shown.with(1, [0]).concat([[55], [30]]);
  assert.deepEqual(readChunk(encodeBuckets([bucket], "gauge")), { times: [60_000], columns: shown });
  assert.deepEqual(readChunk(encodeBuckets([bucket], "counter")), { times: [60_000], columns: counter });
  const next = { ...bucket, start: 120_000, sum: 27, last: 150 };
  const [, sum] = readChunk(encodeBuckets([bucket, next], "counter")).columns;
  assert.deepEqual(sum, [0, 7], "the growth beyond what the totals say");
});

test("steps of a counter come back to the bit, whether its totals say what it grew by or not", () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 1e9 }),
    fc.double({ min: 0, max: 1e15, noNaN: true }),
    fc.constant(1e308),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, fc.boolean()), { maxLength: 60 }), fc.boolean(), (rows, asTotals) => {
      let total = 0;
      const steps = rows.map(([sum, other, gap], n) => {
        total = asTotals ? total + Math.floor(sum / 1e299) + (sum % 1e6) : other;
        return { start: n * 60_000, count: 12, sum: Math.floor(sum), weight: 60, min: 0, max: other, last: total, gap };
      });
      assert.deepEqual(decodeBuckets(encodeBuckets(steps, "counter")), steps);
    }),
    { examples: [[[[685_297_349_399, 0, false]], false]] },
  );
});

const GOLDEN_TIMES = [0, 5_000, 10_000, 15_007].map((ms) => Date.UTC(2026, 0, 1) + ms);

test("what a portal stored before chunks had their second version is read as it was", () => {
  const golden = Buffer.from(
    "KLUv/SBGMQIAAQQDAACAqm23eUICAJBOAA4BAwC4F8QT8C6aIQAAAAAAAAAcQAI0lKAAM/vIADPY6wAztoUAM8DzADP/zADTMuHwP0D/fw==",
    "base64",
  );
  const { times, columns } = decodeChunk(golden);
  assert.deepEqual([...times], GOLDEN_TIMES);
  assert.deepEqual(
    columns.map((column) => [...column]),
    [
      [1.5, 1.25, 3, 2.125],
      [7, 7, 7, 7],
      [0.1 + 0.2, 1e308, -0, Number.NEGATIVE_INFINITY],
    ],
  );
});
