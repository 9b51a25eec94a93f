import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";

/** Differences are taken up to this often: 0 for noise, 1 for a walk, 2 for a steady counter or a clock. */
const MOST_DIFFERENCES = 2;

/** Zig-zag needs one bit, and each difference at most one more. */
export const MAX_INTEGER = 2 ** 49;

/** How many bytes a value takes as zig-zag LEB128, near enough to compare by. */
const cost = (value: number): number => {
  const size = Math.abs(value);
  return size < 64 ? 1 : size < 8_192 ? 2 : size < 1_048_576 ? 3 : size < 134_217_728 ? 4 : 6;
};

function difference(values: Float64Array, order: number): Float64Array {
  let result = values;
  for (let n = 0; n < order; n++) {
    const next = new Float64Array(result.length);
    next[0] = result[0] ?? 0;
    for (let i = 1; i < result.length; i++) next[i] = (result[i] as number) - (result[i - 1] as number);
    result = next;
  }
  return result;
}

/** Whole numbers of a magnitude up to MAX_INTEGER, differenced as often as makes them shortest. */
export function writeIntegers(writer: ByteWriter, values: Float64Array): void {
  let [best, bestOrder, bestCost] = [values, 0, Number.POSITIVE_INFINITY];
  for (let order = 0; order <= MOST_DIFFERENCES; order++) {
    const candidate = difference(values, order);
    let total = 0;
    for (let i = 0; i < candidate.length; i++) total += cost(candidate[i] as number);
    if (total < bestCost) [best, bestOrder, bestCost] = [candidate, order, total];
  }
  writer.byte(bestOrder);
  for (let i = 0; i < best.length; i++) writer.signed(best[i] as number);
}

/** Reads `count` whole numbers that writeIntegers wrote. @throws RangeError past the end */
export function readIntegers(reader: ByteReader, count: number): Float64Array {
  const order = reader.byte();
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.signed();
  for (let n = 0; n < order; n++) {
    for (let i = 1; i < count; i++) values[i] = (values[i] as number) + (values[i - 1] as number);
  }
  return values;
}
