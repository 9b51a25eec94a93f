import type { ByteReader } from "#lib/tsdb/codec/bytes.ts";

// What chunks of version 1 are made of; none are written any more.

const CONSTANT = 0;
const SCALED = 1;
const XORED = 2;

/** Figures have up to six decimals; what has more is a measurement's noise. */
const SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

const bytesOf = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function readXored(reader: ByteReader, count: number): Float64Array {
  const planes = reader.raw(count * 8);
  const values = new Float64Array(count);
  const bytes = bytesOf(values);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 8; k++) {
      const before = i === 0 ? 0 : (bytes[(i - 1) * 8 + k] as number);
      bytes[i * 8 + k] = (planes[k * count + i] as number) ^ before;
    }
  }
  return values;
}

/** Reads a column of a chunk of version 1. @throws RangeError for bytes that are none */
export function readValues1(reader: ByteReader, count: number): Float64Array {
  const form = reader.byte();
  if (form === XORED) return readXored(reader, count);
  if (form === CONSTANT) {
    const values = new Float64Array(count);
    const bytes = bytesOf(values);
    const constant = reader.raw(8);
    for (let i = 0; i < bytes.length; i += 8) bytes.set(constant, i);
    return values;
  }
  if (form !== SCALED) throw new RangeError(`A column has the unknown form ${form}`);
  const scale = SCALES[reader.byte()];
  if (scale === undefined) throw new RangeError("A column has an unknown scale");
  const values = readIntegers1(reader, count);
  if (scale !== 1) for (let i = 0; i < count; i++) values[i] = (values[i] as number) / scale;
  return values;
}

/** Reads whole numbers of a chunk of version 1. @throws RangeError past the end */
export function readIntegers1(reader: ByteReader, count: number): Float64Array {
  const order = reader.byte();
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.signed();
  for (let n = 0; n < order; n++) {
    for (let i = 1; i < count; i++) values[i] = (values[i] as number) + (values[i - 1] as number);
  }
  return values;
}
