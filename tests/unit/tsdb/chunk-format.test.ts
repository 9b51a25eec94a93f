import assert from "node:assert/strict";
import { test } from "node:test";
import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { encodeBuckets, encodeSamples } from "#lib/tsdb/chunks/chunks.ts";

// Reads chunks by docs/chunk-format.md alone: nothing of lib/tsdb/codec is used here.

function readChunk(data: Uint8Array): { times: number[]; columns: number[][] } {
  const bytes = zstdDecompressSync(data);
  let at = 0;
  const byte = () => bytes[at++] as number;
  const double = () => {
    at += 8;
    return bytes.readDoubleLE(at - 8);
  };
  const unsigned = () => {
    let [value, scale, next] = [0, 1, 0];
    do {
      next = byte();
      value += (next & 127) * scale;
      scale *= 128;
    } while (next & 128);
    return value;
  };
  const signed = () => {
    const zigZag = unsigned();
    return zigZag % 2 ? -(zigZag + 1) / 2 : zigZag / 2;
  };
  assert.equal(byte(), 1, "version");
  const [count, width, first] = [unsigned(), unsigned(), double()];
  const integers = () => {
    const order = byte();
    let numbers = Array.from({ length: count }, signed);
    for (let n = 0; n < order; n++) {
      let sum = 0;
      numbers = numbers.map((number) => {
        sum += number;
        return sum;
      });
    }
    return numbers;
  };
  const xored = () => {
    const planes = Array.from({ length: 8 }, () => Array.from({ length: count }, byte));
    const value = new Uint8Array(8);
    return Array.from({ length: count }, (_, i) => {
      for (let k = 0; k < 8; k++) value[k] = (value[k] as number) ^ (planes[k]?.[i] as number);
      return Buffer.from(value).readDoubleLE();
    });
  };
  const values = () => {
    const form = byte();
    if (form === 0) return new Array<number>(count).fill(double());
    if (form === 2) return xored();
    assert.equal(form, 1, "form");
    const exponent = byte();
    return integers().map((number) => number / 10 ** exponent);
  };
  const times = integers().map((time) => time + first);
  const columns = Array.from({ length: width }, values);
  assert.equal(at, bytes.length, "nothing follows the last column");
  return { times, columns };
}

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -1e6, max: 1e6 }).map((number) => number / 1_000),
  fc.constantFrom(0, -0, 5, 1e308, 1e-200, Number.POSITIVE_INFINITY),
);

test("a program that follows the page about the format reads every raw chunk", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), value), { maxLength: 40 }),
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

test("a program that follows the page about the format reads minutes of a gauge and of a counter", () => {
  const bucket = { start: 60_000, count: 12, sum: 30, weight: 55, min: 0.1, max: 2.5, last: 130, gap: true };
  const shown = [[12], [30], [0.1], [2.5], [130], [1]];
  assert.deepEqual(readChunk(encodeBuckets([bucket], "gauge")), { times: [60_000], columns: shown });
  assert.deepEqual(readChunk(encodeBuckets([bucket], "counter")), { times: [60_000], columns: [...shown, [55]] });
});
