import { zstdDecompressSync } from "node:zlib";
import { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { Scratch } from "#lib/tsdb/codec/scratch.ts";
import { readValues, writeValues } from "#lib/tsdb/codec/values.ts";
import { readIntegers1, readValues1 } from "#lib/tsdb/codec/version-1.ts";
import { readWholeNumbers, writeWholeNumbers } from "#lib/tsdb/codec/whole-numbers.ts";

/** A table of columns by instant: `times` in whole ms since the epoch, ascending. */
export type ChunkColumns = { times: Float64Array; columns: Float64Array[] };

const VERSION = 2;
/** What a zstd frame begins with: chunks of version 1 are such. */
const ZSTD = 0x28;
/** The limit of a decompressed chunk, so that a damaged one cannot ask for all memory. */
const MAX_BYTES = 256 * 1024 * 1024;
const MOST_ROWS = MAX_BYTES / 8;

const WRITER = new ByteWriter(16_384);

/** Columns of doubles, each bit for bit. */
export function encodeChunk({ times, columns }: ChunkColumns): Uint8Array {
  const writer = WRITER;
  writer.begin();
  writer.byte(VERSION);
  writer.unsigned(times.length);
  writer.unsigned(columns.length);
  writeWholeNumbers(writer, times);
  for (const column of columns) writeValues(writer, column);
  return writer.done().slice();
}

/** Memory for the times and the columns of a chunk that is only looked at. */
const LOOKED_AT = Array.from({ length: 3 }, () => new Scratch((length) => new Float64Array(length)));

/** As decodeChunk, but what it answers is there only until the next call. @throws RangeError, an Error */
export const peekChunk = (bytes: Uint8Array): ChunkColumns =>
  decodeChunk(bytes, (count, column) => LOOKED_AT[column]?.take(count) ?? new Float64Array(count));

/** `room` gives memory for so many numbers of the times (0), or of a column. @throws RangeError for bytes that encodeChunk did not make, an Error where they were not compressed */
export function decodeChunk(
  bytes: Uint8Array,
  room: (count: number, column: number) => Float64Array = (count) => new Float64Array(count),
): ChunkColumns {
  if (bytes[0] === ZSTD) return decodeVersion1(bytes);
  const reader = new ByteReader(bytes);
  const [count, width] = readHead(reader, VERSION);
  const times = readWholeNumbers(reader, room(count, 0));
  return { times, columns: Array.from({ length: width }, (_, n) => readValues(reader, room(count, n + 1))) };
}

function readHead(reader: ByteReader, expected: number): [number, number] {
  const version = reader.byte();
  if (version !== expected) throw new RangeError(`A chunk has the unknown version ${version}`);
  const [count, width] = [reader.unsigned(), reader.unsigned()];
  if (count * (width + 1) > MOST_ROWS) throw new RangeError("A chunk is too large");
  return [count, width];
}

function decodeVersion1(bytes: Uint8Array): ChunkColumns {
  const reader = new ByteReader(zstdDecompressSync(bytes, { maxOutputLength: MAX_BYTES }));
  const [count, width] = readHead(reader, 1);
  const first = new Float64Array(reader.raw(8).slice().buffer)[0] as number;
  const times = readIntegers1(reader, count);
  for (let i = 0; i < count; i++) times[i] = (times[i] as number) + first;
  return { times, columns: Array.from({ length: width }, () => readValues1(reader, count)) };
}
