import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { readIntegers, writeIntegers } from "#lib/tsdb/codec/integers.ts";
import { readValues, writeValues } from "#lib/tsdb/codec/values.ts";

/** A table of columns by instant: `times` in whole ms since the epoch, ascending. */
export type ChunkColumns = { times: Float64Array; columns: Float64Array[] };

const VERSION = 1;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_contentSizeFlag]: 1 } };

/** The limit of a decompressed chunk, so that a damaged one cannot ask for all memory. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Columns of doubles, each bit for bit, compressed by zstd. The first instant is kept apart, which keeps the rest small. */
export function encodeChunk({ times, columns }: ChunkColumns): Uint8Array {
  const writer = new ByteWriter(64 + times.length * 2 * (columns.length + 1));
  const first = times[0] ?? 0;
  writer.byte(VERSION);
  writer.unsigned(times.length);
  writer.unsigned(columns.length);
  writer.raw(new Uint8Array(Float64Array.of(first).buffer));
  writeIntegers(
    writer,
    times.map((time) => time - first),
  );
  for (const column of columns) writeValues(writer, column);
  return zstdCompressSync(writer.done(), LEVEL);
}

/** @throws Error for bytes that encodeChunk did not make */
export function decodeChunk(bytes: Uint8Array): ChunkColumns {
  const reader = new ByteReader(zstdDecompressSync(bytes, { maxOutputLength: MAX_BYTES }));
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`A chunk has the unknown version ${version}`);
  const [count, width] = [reader.unsigned(), reader.unsigned()];
  const first = new Float64Array(reader.raw(8).slice().buffer)[0] as number;
  const times = readIntegers(reader, count);
  for (let i = 0; i < count; i++) times[i] = (times[i] as number) + first;
  return { times, columns: Array.from({ length: width }, () => readValues(reader, count)) };
}
