import { WireReader } from "#lib/inputs/wire-reader.ts";
import { Budget, type Decoded, type Field, type Message, put, type Scalar } from "#lib/otlp/wire/fields.ts";

// Protobuf by a table of fields. Compared in tests/unit/otlp-decode.test.ts with what the OpenTelemetry SDK sends.

class Reader extends WireReader {
  readonly budget = new Budget();

  long(): bigint {
    let value = 0n;
    for (let n = 0n; n < 10n; n++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw this.broken();
      value |= BigInt(byte & 0x7f) << (7n * n);
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw this.broken();
  }
}

/** The types of the wire: 0 a number, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
const WIRE: Record<Scalar, 0 | 1 | 2> = {
  double: 1,
  nanos: 1,
  count: 1,
  int: 1,
  bigint: 0,
  uint32: 0,
  int32: 0,
  sint32: 0,
  uint64: 0,
  bool: 0,
  string: 2,
  bytes: 2,
  id: 2,
};

function eightBytes(type: Scalar, view: DataView, at: number): unknown {
  if (type === "double") return view.getFloat64(at, true);
  if (type === "nanos") return view.getBigUint64(at, true);
  if (type === "int") return Number(view.getBigInt64(at, true));
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

function varintOf(type: Scalar, reader: Reader): unknown {
  if (type === "bigint") return reader.long();
  const value = reader.unsigned();
  if (type === "bool") return value !== 0;
  if (type === "uint64") return value;
  // Negative numbers of 32 bits come as 64, whose upper half the nearest double may have lost.
  const low = value >= 2 ** 53 ? value - 2 ** 64 : value;
  if (type === "sint32") return low % 2 === 1 ? -(low + 1) / 2 : low / 2;
  return type === "int32" ? low | 0 : low >>> 0;
}

/** So long a text is put together letter by letter where it is plain, which is faster than a call of native code. */
const SHORT = 24;

function textOf(bytes: Buffer, start: number, end: number): string {
  if (end - start > SHORT) return bytes.toString("utf8", start, end);
  let text = "";
  for (let at = start; at < end; at++) {
    const letter = bytes[at] as number;
    if (letter >= 0x80) return bytes.toString("utf8", start, end);
    text += String.fromCharCode(letter);
  }
  return text;
}

function lengthOf(type: Scalar, { bytes }: Reader, start: number, end: number): unknown {
  if (type === "string") return textOf(bytes, start, end);
  return type === "id" ? bytes.toString("hex", start, end) : bytes.subarray(start, end);
}

function readScalar(reader: Reader, type: Scalar, limit: number): unknown {
  const wire = WIRE[type];
  if (wire === 1) return eightBytes(type, reader.view, reader.eight(limit));
  if (wire === 0) return varintOf(type, reader);
  const end = reader.end(limit);
  const start = reader.at;
  reader.at = end;
  return lengthOf(type, reader, start, end);
}

/** Numbers of a list that stand behind each other without tags. */
function readPacked(reader: Reader, field: Field, limit: number, decoded: Decoded): void {
  const end = reader.end(limit);
  while (reader.at < end) {
    reader.budget.item();
    put(decoded, field, readScalar(reader, field.type as Scalar, end));
  }
}

function readField(reader: Reader, field: Field, tag: number, limit: number, decoded: Decoded): void {
  const wire = tag & 7;
  const { type, repeated } = field;
  if (typeof type === "object" && wire === 2) {
    const end = reader.end(limit);
    reader.budget.item();
    put(decoded, field, readMessage(reader, type, end));
  } else if (typeof type === "object") reader.skip(tag, limit);
  else if (repeated && wire === 2 && WIRE[type] !== 2) readPacked(reader, field, limit, decoded);
  else if (wire !== WIRE[type]) reader.skip(tag, limit);
  else {
    if (repeated) reader.budget.item();
    put(decoded, field, readScalar(reader, type, limit));
  }
}

function readMessage(reader: Reader, { byNumber }: Message, end: number): Decoded {
  reader.budget.enter();
  const decoded: Decoded = {};
  while (reader.at < end) {
    const tag = reader.unsigned();
    // No field has the number 0: these are bytes of something else.
    if (tag < 8) throw reader.broken();
    const field = byNumber[tag >>> 3];
    if (field) readField(reader, field, tag, end, decoded);
    else reader.skip(tag, end);
  }
  if (reader.at !== end) throw reader.broken();
  reader.budget.leave();
  return decoded;
}

/** Decodes a message; fields that the table lacks are passed over. @throws DomainError validation, too-large */
export const decodeProtobuf = (bytes: Buffer, type: Message): Decoded =>
  readMessage(new Reader(bytes, "OTLP message"), type, bytes.length);

/** A number of a message that is answered. */
function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Encodes a number; zero is not written, as protobuf does. */
export const encodeNumber = (field: number, value: number): Buffer =>
  value === 0 ? Buffer.alloc(0) : Buffer.concat([varintBytes(field * 8), varintBytes(value)]);

/** Encodes a text or a message. */
export function encodeBytes(field: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varintBytes(field * 8 + 2), varintBytes(bytes.length), bytes]);
}
