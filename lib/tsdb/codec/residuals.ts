import { readSymbols, writeSymbols } from "#lib/tsdb/codec/ans.ts";
import { BitReader, BitWriter } from "#lib/tsdb/codec/bits.ts";
import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";

// Whole numbers from 0 to 2^53 - 1, small more often than large: of each, how long it is and its highest bits are a symbol that is coded by its
// frequency, and the bits below follow as they are. How many of the highest bits go into the symbol is the detail.

/** LEB128, for few numbers: a table of frequencies would take more than it saves. */
const PLAIN = 255;
const LEAST = 8;
const MOST_DETAIL = 7;
const SYMBOLS = 256;

const bitLength = (value: number): number =>
  value < 4_294_967_296 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 4_294_967_296);

/** The symbol of a number of so many bits. */
const symbolOf = (value: number, length: number, detail: number): number => {
  if (length <= detail + 1) return value;
  const high = value < 2_147_483_648 ? value >>> (length - 1 - detail) : Math.floor(value / 2 ** (length - 1 - detail));
  return ((length - detail) << detail) + high - (1 << detail);
};

/** How many bits follow a symbol. */
const extraOf = (symbol: number, detail: number): number => Math.max(0, (symbol >>> detail) - 1);

/** Bits that numbers take, in about, by how many there are of each length. */
export function costOf(lengths: Uint32Array, count: number): number {
  let bits = 0;
  for (let length = 0; length < lengths.length; length++) {
    const own = lengths[length] as number;
    if (own > 0) bits += own * (Math.log2(count / own) + Math.max(0, length - 1));
  }
  return bits;
}

/** How many numbers there are of each length in bits. */
export function countLengths(values: Float64Array): Uint32Array {
  const lengths = new Uint32Array(54);
  for (let i = 0; i < values.length; i++) (lengths[bitLength(values[i] as number)] as number)++;
  return lengths;
}

/** How often each symbol of a detail comes. */
function countSymbols(values: Float64Array, detail: number): Uint32Array {
  const counts = new Uint32Array(SYMBOLS);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    (counts[symbolOf(value, bitLength(value), detail)] as number)++;
  }
  return counts;
}

/** The same of the next coarser detail. */
function coarser(counts: Uint32Array, detail: number): Uint32Array {
  const merged = new Uint32Array(SYMBOLS);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const own = counts[symbol] as number;
    if (own === 0) continue;
    const extra = Math.max(0, extraOf(symbol, detail));
    const high = extra === 0 ? symbol : (1 << detail) + (symbol & ((1 << detail) - 1));
    const into =
      extra === 0
        ? symbolOf(symbol, bitLength(symbol), detail - 1)
        : ((extra + 2) << (detail - 1)) + (high >>> 1) - (1 << (detail - 1));
    merged[into] = (merged[into] as number) + own;
  }
  return merged;
}

/** Bytes that symbols and bits of a detail take, in about, with the table. */
function bytesWith(counts: Uint32Array, count: number, detail: number): number {
  let [bits, last, first] = [0, 0, SYMBOLS];
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const own = counts[symbol] as number;
    if (own === 0) continue;
    if (first === SYMBOLS) first = symbol;
    last = symbol;
    bits += own * (Math.log2(count / own) + extraOf(symbol, detail)) + Math.min(2, own >>> 1);
  }
  return (bits + (last - first + 1) * 4) / 8 + 6;
}

function plainBytes(lengths: Uint32Array): number {
  let bytes = 0;
  for (let length = 0; length < lengths.length; length++)
    bytes += (lengths[length] as number) * Math.max(1, Math.ceil(length / 7));
  return bytes;
}

/** The finest detail whose symbols fit into a byte, for numbers of up to so many bits. */
function finestDetail(longest: number): number {
  for (let detail = MOST_DETAIL; detail > 0; detail--)
    if (longest <= detail + 1 || (longest - detail + 1) << detail <= SYMBOLS) return detail;
  return 0;
}

function chooseDetail(values: Float64Array): number {
  if (values.length < LEAST) return PLAIN;
  const lengths = countLengths(values);
  let [best, least] = [PLAIN, plainBytes(lengths)];
  let detail = finestDetail(lengths.findLastIndex((own) => own > 0));
  let counts = countSymbols(values, detail);
  for (;;) {
    const bytes = bytesWith(counts, values.length, detail);
    if (bytes < least) [best, least] = [detail, bytes];
    if (detail === 0) return best;
    counts = coarser(counts, detail);
    detail -= 1;
  }
}

/** Writes whole numbers that are not negative, in the form that is shortest for them. */
export function writeResiduals(writer: ByteWriter, values: Float64Array): void {
  const detail = chooseDetail(values);
  writer.byte(detail);
  if (detail === PLAIN) {
    for (let i = 0; i < values.length; i++) writer.unsigned(values[i] as number);
    return;
  }
  const symbols = new Uint8Array(values.length);
  const bits = new BitWriter();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const symbol = symbolOf(value, bitLength(value), detail);
    symbols[i] = symbol;
    const extra = extraOf(symbol, detail);
    if (extra > 0) bits.write(extra < 31 ? value & ((1 << extra) - 1) : value % 2 ** extra, extra);
  }
  writeSymbols(writer, symbols);
  writer.raw(bits.done());
}

/** Reads `count` numbers that writeResiduals wrote. @throws RangeError past the end */
export function readResiduals(reader: ByteReader, count: number): Float64Array {
  const detail = reader.byte();
  const values = new Float64Array(count);
  if (detail === PLAIN) {
    for (let i = 0; i < count; i++) values[i] = reader.unsigned();
    return values;
  }
  const symbols = readSymbols(reader, count);
  const bits = new BitReader(reader.rest());
  const mask = (1 << detail) - 1;
  for (let i = 0; i < count; i++) {
    const symbol = symbols[i] as number;
    const extra = (symbol >>> detail) - 1;
    if (extra <= 0) values[i] = symbol;
    else {
      const high = (1 << detail) | (symbol & mask);
      values[i] = extra < 28 ? (high << extra) + bits.read(extra) : high * 2 ** extra + bits.read(extra);
    }
  }
  reader.skip(bits.bytesRead);
  return values;
}
