import { readSymbols, writeSymbols } from "#lib/tsdb/codec/ans.ts";
import { BitReader, BitWriter } from "#lib/tsdb/codec/bits.ts";
import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { Scratch } from "#lib/tsdb/codec/scratch.ts";

// Whole numbers from 0 to 2^53 - 1, small more often than large: of each, how long it is and its highest bits are a symbol that is coded by its
// frequency, and the bits below follow as they are. How many of the highest bits go into the symbol is the detail.

/** LEB128, for few numbers: a table of frequencies would take more than it saves. */
const PLAIN = 255;
const LEAST = 8;
const MOST_DETAIL = 7;
const SYMBOLS = 256;

/** Below it numbers are coded as 32 bits. */
const WIDE = 2 ** 31;

/** How many bits a number takes; 0 takes none. */
export const bitLength = (value: number): number =>
  value < 4_294_967_296 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 4_294_967_296);

/** The symbol of a number. */
function symbolOf(value: number, detail: number): number {
  const length = bitLength(value);
  if (length <= detail + 1) return value;
  const below = length - 1 - detail;
  const high = value < WIDE ? value >>> below : Math.floor(value / 2 ** below);
  return ((length - detail) << detail) + high - (1 << detail);
}

/** How many bits follow a symbol. */
const extraOf = (symbol: number, detail: number): number => Math.max(0, (symbol >>> detail) - 1);

/** The least of the numbers that have a symbol. */
function leastWith(symbol: number, detail: number): number {
  const extra = extraOf(symbol, detail);
  return extra === 0 ? symbol : ((1 << detail) | (symbol & ((1 << detail) - 1))) * 2 ** extra;
}

/** Bits that numbers take, in about, by how many there are of each length. */
export function costOf(lengths: Uint32Array, count: number): number {
  let bits = 0;
  for (let length = 0; length < lengths.length; length++) {
    const own = lengths[length] as number;
    if (own > 0) bits += own * (Math.log2(count / own) + Math.max(0, length - 1));
  }
  return bits;
}

/** How often each symbol comes, by detail. */
const COUNTS = Array.from({ length: MOST_DETAIL + 1 }, () => new Uint32Array(SYMBOLS));

/** The symbols of numbers, and how often each comes. */
function takeSymbols(values: Float64Array, detail: number, symbols: Uint8Array): Uint32Array {
  const counts = (COUNTS[detail] as Uint32Array).fill(0);
  for (let i = 0; i < values.length; i++) {
    const symbol = symbolOf(values[i] as number, detail);
    symbols[i] = symbol;
    counts[symbol] = (counts[symbol] as number) + 1;
  }
  return counts;
}

/** How often each symbol of the next coarser detail comes. */
function coarser(counts: Uint32Array, detail: number): Uint32Array {
  const merged = (COUNTS[detail - 1] as Uint32Array).fill(0);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const own = counts[symbol] as number;
    if (own === 0) continue;
    const into = symbolOf(leastWith(symbol, detail), detail - 1);
    merged[into] = (merged[into] as number) + own;
  }
  return merged;
}

/** Logarithms of what part of all numbers so many are, for few; not a number where it is not known yet. */
const LOGS = new Float64Array(128);

/** Bytes that symbols and bits of a detail take, in about, with the table. */
function bytesWith(counts: Uint32Array, count: number, detail: number): number {
  let [bits, last, first] = [0, 0, SYMBOLS];
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const own = counts[symbol] as number;
    if (own === 0) continue;
    if (first === SYMBOLS) first = symbol;
    last = symbol;
    let log = own < LOGS.length ? (LOGS[own] as number) : Number.NaN;
    if (Number.isNaN(log)) {
      log = Math.log2(count / own);
      if (own < LOGS.length) LOGS[own] = log;
    }
    bits += own * (log + extraOf(symbol, detail)) + Math.min(2, own >>> 1);
  }
  return (bits + (last - first + 1) * 4) / 8 + 6;
}

/** Bytes that numbers take as they are, by their symbols. */
function plainBytes(counts: Uint32Array, detail: number): number {
  let bytes = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const own = counts[symbol] as number;
    if (own > 0) bytes += own * Math.max(1, Math.ceil(bitLength(leastWith(symbol, detail)) / 7));
  }
  return bytes;
}

/** The finest detail whose symbols fit into a byte, for numbers of up to so many bits. */
function finestDetail(longest: number): number {
  for (let detail = MOST_DETAIL; detail > 0; detail--)
    if (longest <= detail + 1 || (longest - detail + 1) << detail <= SYMBOLS) return detail;
  return 0;
}

type Detailed = { detail: number; counts: Uint32Array };

/** The detail that makes numbers shortest, of those from a finest on, or that they are shortest as they are. */
function chooseDetail(finest: Detailed, count: number): Detailed {
  let least = plainBytes(finest.counts, finest.detail);
  let best: Detailed = { detail: PLAIN, counts: finest.counts };
  LOGS.fill(Number.NaN);
  let { detail, counts } = finest;
  for (;;) {
    const bytes = bytesWith(counts, count, detail);
    if (bytes < least) [best, least] = [{ detail, counts }, bytes];
    if (detail === 0) return best;
    counts = coarser(counts, detail);
    detail -= 1;
  }
}

const SYMBOLS_OF = new Scratch((length) => new Uint8Array(length));
const EXTRAS = new Uint8Array(SYMBOLS);
const COARSER = new Uint8Array(SYMBOLS);
const BITS = new BitWriter();

/** Writes whole numbers that are not negative, the largest of which is `most`, in the form that is shortest for them. */
export function writeResiduals(writer: ByteWriter, values: Float64Array, most: number): void {
  if (values.length < LEAST) {
    writePlain(writer, values);
    return;
  }
  const finest = finestDetail(bitLength(most));
  const symbols = SYMBOLS_OF.take(values.length);
  const finestCounts = takeSymbols(values, finest, symbols);
  const { detail, counts } = chooseDetail({ detail: finest, counts: finestCounts }, values.length);
  if (detail === PLAIN) {
    writePlain(writer, values);
    return;
  }
  writer.byte(detail);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    EXTRAS[symbol] = extraOf(symbol, detail);
    if ((finestCounts[symbol] as number) > 0) COARSER[symbol] = symbolOf(leastWith(symbol, finest), detail);
  }
  const bits = BITS;
  bits.begin();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const symbol = COARSER[symbols[i] as number] as number;
    symbols[i] = symbol;
    const extra = EXTRAS[symbol] as number;
    if (extra > 0) bits.write(value < WIDE ? value & ((1 << extra) - 1) : value % 2 ** extra, extra);
  }
  writeSymbols(writer, symbols, counts);
  writer.raw(bits.done());
}

function writePlain(writer: ByteWriter, values: Float64Array): void {
  writer.byte(PLAIN);
  for (let i = 0; i < values.length; i++) writer.unsigned(values[i] as number);
}

/** Reads as many numbers as there is room for, which writeResiduals wrote. @throws RangeError past the end */
export function readResiduals(reader: ByteReader, values: Float64Array): void {
  const detail = reader.byte();
  if (detail === PLAIN) {
    for (let i = 0; i < values.length; i++) values[i] = reader.unsigned();
    return;
  }
  const symbols = readSymbols(reader, values.length);
  const bits = new BitReader(reader.rest());
  const mask = (1 << detail) - 1;
  for (let i = 0; i < values.length; i++) {
    const symbol = symbols[i] as number;
    const extra = (symbol >>> detail) - 1;
    if (extra <= 0) values[i] = symbol;
    else {
      const high = (1 << detail) | (symbol & mask);
      values[i] = extra < 28 ? (high << extra) + bits.read(extra) : high * 2 ** extra + bits.read(extra);
    }
  }
  reader.skip(bits.bytesRead);
}
