import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { MAX_INTEGER, readIntegers, writeIntegers } from "#lib/tsdb/codec/integers.ts";

// A column of doubles, bit for bit: one value for all of them, whole numbers after a decimal scale where that is exact,
// else each XOR-ed with the one before and laid out by byte, so that the compressor finds the bytes that stay the same.

const CONSTANT = 0;
const SCALED = 1;
const XORED = 2;

/** Figures have up to six decimals; what has more is a measurement's noise. */
const SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

const bytesOf = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function isConstant(values: Float64Array): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 2; i < words.length; i += 2) if (words[i] !== words[0] || words[i + 1] !== words[1]) return false;
  return true;
}

function scaleBy(values: Float64Array, scale: number): Float64Array | undefined {
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const whole = Math.round(value * scale);
    // -0 would come back as 0, and NaN equals nothing.
    if (!(whole / scale === value && Math.abs(whole) < MAX_INTEGER) || Object.is(value, -0)) return undefined;
    scaled[i] = whole;
  }
  return scaled;
}

/** The scale that makes all of them whole, tried first where the column begins. */
function scaled(values: Float64Array): { exponent: number; whole: Float64Array } | undefined {
  const sample = values.subarray(0, 16);
  for (const [exponent, scale] of SCALES.entries()) {
    if (!scaleBy(sample, scale)) continue;
    const whole = scaleBy(values, scale);
    if (whole) return { exponent, whole };
  }
  return undefined;
}

/** Byte k of all values, then byte k + 1: sign and exponent, which seldom change, stand together. */
function writeXored(writer: ByteWriter, values: Float64Array): void {
  const count = values.length;
  const bytes = bytesOf(values);
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 8; k++) {
      const before = i === 0 ? 0 : (bytes[(i - 1) * 8 + k] as number);
      planes[k * count + i] = (bytes[i * 8 + k] as number) ^ before;
    }
  }
  writer.raw(planes);
}

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

/** Writes a column of doubles in the shortest of the three forms that is exact. */
export function writeValues(writer: ByteWriter, values: Float64Array): void {
  if (values.length > 0 && isConstant(values)) {
    writer.byte(CONSTANT);
    writer.raw(bytesOf(values).subarray(0, 8));
    return;
  }
  const exact = scaled(values);
  if (exact) {
    writer.byte(SCALED);
    writer.byte(exact.exponent);
    writeIntegers(writer, exact.whole);
    return;
  }
  writer.byte(XORED);
  writeXored(writer, values);
}

/** @throws RangeError for bytes that writeValues did not write */
export function readValues(reader: ByteReader, count: number): Float64Array {
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
  const values = readIntegers(reader, count);
  if (scale !== 1) for (let i = 0; i < count; i++) values[i] = (values[i] as number) / scale;
  return values;
}
