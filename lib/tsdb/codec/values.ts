import { countBytes, readSymbols, writeSymbols } from "#lib/tsdb/codec/ans.ts";
import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { asDecimals, MAX_WHOLE, readDecimals, writeDecimals } from "#lib/tsdb/codec/decimals.ts";

// A column of doubles, bit for bit: one value for all of them, decimals as whole numbers, or else each XOR-ed with the one before and laid out by
// byte, so that the bytes that seldom change stand together.

const CONSTANT = 0;
const CONSTANT_WHOLE = 1;
const DECIMALS = 2;
const XORED = 3;

const PLANE_ALIKE = 0;
const PLANE_SYMBOLS = 1;
const PLANE_PLAIN = 2;

const bytesOf = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Whether all have the same bits. */
function isConstant(values: Float64Array): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 2; i < words.length; i += 2) if (words[i] !== words[0] || words[i + 1] !== words[1]) return false;
  return true;
}

function writePlane(writer: ByteWriter, plane: Uint8Array): void {
  const [first] = plane as unknown as [number];
  if (plane.every((byte) => byte === first)) {
    writer.byte(PLANE_ALIKE);
    writer.byte(first);
    return;
  }
  const start = writer.length;
  writer.byte(PLANE_SYMBOLS);
  writeSymbols(writer, plane, countBytes(plane));
  if (writer.length - start <= plane.length) return;
  writer.cut(start);
  writer.byte(PLANE_PLAIN);
  writer.raw(plane);
}

function readPlane(reader: ByteReader, count: number): Uint8Array {
  const form = reader.byte();
  if (form === PLANE_ALIKE) return new Uint8Array(count).fill(reader.byte());
  if (form === PLANE_SYMBOLS) return readSymbols(reader, count);
  if (form === PLANE_PLAIN) return reader.raw(count);
  throw new RangeError(`A plane has the unknown form ${form}`);
}

/** Byte k of all values, then byte k + 1: sign and exponent, which seldom change, stand together. */
function writeXored(writer: ByteWriter, values: Float64Array): void {
  const bytes = bytesOf(values);
  const plane = new Uint8Array(values.length);
  for (let k = 0; k < 8; k++) {
    let before = 0;
    for (let i = 0; i < plane.length; i++) {
      const byte = bytes[i * 8 + k] as number;
      plane[i] = byte ^ before;
      before = byte;
    }
    writePlane(writer, plane);
  }
}

function readXored(reader: ByteReader, values: Float64Array): Float64Array {
  const count = values.length;
  const bytes = bytesOf(values);
  for (let k = 0; k < 8; k++) {
    const plane = readPlane(reader, count);
    let before = 0;
    for (let i = 0; i < count; i++) {
      before ^= plane[i] as number;
      bytes[i * 8 + k] = before;
    }
  }
  return values;
}

/** Writes a column of doubles in the first of the forms that is exact. */
export function writeValues(writer: ByteWriter, values: Float64Array): void {
  if (values.length === 0) return;
  if (isConstant(values)) {
    const value = values[0] as number;
    if (Number.isInteger(value) && Math.abs(value) < MAX_WHOLE && !Object.is(value, -0)) {
      writer.byte(CONSTANT_WHOLE);
      writer.signed(value);
    } else {
      writer.byte(CONSTANT);
      writer.raw(bytesOf(values).subarray(0, 8));
    }
    return;
  }
  const decimals = asDecimals(values);
  if (decimals) {
    writer.byte(DECIMALS);
    writeDecimals(writer, values, decimals);
    return;
  }
  writer.byte(XORED);
  writeXored(writer, values);
}

/** Reads as many values as there is room for, which writeValues wrote. @throws RangeError for bytes that it did not write */
export function readValues(reader: ByteReader, values: Float64Array): Float64Array {
  if (values.length === 0) return values;
  const form = reader.byte();
  if (form === DECIMALS) return readDecimals(reader, values);
  if (form === CONSTANT_WHOLE) return values.fill(reader.signed());
  if (form === XORED) return readXored(reader, values);
  if (form !== CONSTANT) throw new RangeError(`A column has the unknown form ${form}`);
  const bytes = bytesOf(values);
  const constant = reader.raw(8);
  for (let i = 0; i < bytes.length; i += 8) bytes.set(constant, i);
  return values;
}
