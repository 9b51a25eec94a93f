import { BitReader, BitWriter } from "#lib/tsdb/codec/bits.ts";
import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { Scratch } from "#lib/tsdb/codec/scratch.ts";

// Entropy coding of symbols by their frequencies, which come first: range asymmetric numeral systems (Duda 2013), byte by byte as in Giesen's ryg_rans.

const SCALE_BITS = 12;
const SCALE = 1 << SCALE_BITS;
/** A state is in [LOWEST, LOWEST * 256). */
const LOWEST = 1 << 16;
/** A weight is kept to so many bits below its highest. */
const WEIGHT_BITS = 2;

const bitLength = (value: number): number => 32 - Math.clz32(value);

/** What is kept of a count: its length in bits, and the two bits below the highest. */
function roundWeight(count: number): number {
  const shift = Math.max(0, bitLength(count) - 1 - WEIGHT_BITS);
  return (count >>> shift) << shift;
}

const COUNTS = new Uint32Array(256);
const WEIGHTS = new Uint16Array(256);
const FREQUENCIES = new Uint16Array(256);
const STARTS = new Uint16Array(256);

/** How often each of the symbols comes. */
export function countBytes(symbols: Uint8Array): Uint32Array {
  const counts = COUNTS.fill(0);
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] as number;
    counts[symbol] = (counts[symbol] as number) + 1;
  }
  return counts;
}

/** Weights that stand for how often symbols come, none above 4095. */
function weightsOf(counts: Uint32Array, length: number): Uint16Array {
  const weights = WEIGHTS.fill(0);
  const shrink = Math.min(1, (SCALE - 1) / length);
  for (let s = 0; s < 256; s++)
    if (counts[s]) weights[s] = roundWeight(Math.max(1, Math.round((counts[s] as number) * shrink)));
  return weights;
}

/** Weights as frequencies that add up to 4096, each at least 1: what is over or missing the most frequent symbol takes. */
function frequenciesOf(weights: Uint16Array): Uint16Array {
  let total = 0;
  for (let s = 0; s < 256; s++) total += weights[s] as number;
  const frequencies = FREQUENCIES.fill(0);
  let [sum, most] = [0, 0];
  for (let s = 0; s < 256; s++) {
    const weight = weights[s] as number;
    if (weight === 0) continue;
    const frequency = Math.max(1, Math.floor((weight * SCALE) / total));
    frequencies[s] = frequency;
    sum += frequency;
    if (frequency > (frequencies[most] as number)) most = s;
  }
  frequencies[most] = (frequencies[most] as number) + SCALE - sum;
  return frequencies;
}

const BITS = new BitWriter();

function writeWeights(writer: ByteWriter, weights: Uint16Array): void {
  const first = weights.findIndex((weight) => weight > 0);
  const last = weights.findLastIndex((weight) => weight > 0);
  writer.byte(first);
  writer.byte(last - first);
  const bits = BITS;
  bits.begin();
  for (let s = first; s <= last; s++) {
    const weight = weights[s] as number;
    const length = bitLength(weight);
    bits.write(length, 4);
    const kept = Math.min(WEIGHT_BITS, Math.max(0, length - 1));
    bits.write((weight >>> Math.max(0, length - 1 - kept)) & ((1 << kept) - 1), kept);
  }
  writer.raw(bits.done());
}

function readWeights(reader: ByteReader): Uint16Array {
  const first = reader.byte();
  const last = first + reader.byte();
  const bits = new BitReader(reader.rest());
  const weights = WEIGHTS.fill(0);
  for (let s = first; s <= last; s++) {
    const length = bits.read(4);
    if (length === 0) continue;
    const kept = Math.min(WEIGHT_BITS, length - 1);
    weights[s] = ((1 << kept) | bits.read(kept)) << (length - 1 - kept);
  }
  reader.skip(bits.bytesRead);
  return weights;
}

const CODED = new Scratch((length) => new Uint8Array(length));
const INVERSES = new Float64Array(256);

/** Symbols from 0 to 255, at least one of them, and how often each comes. */
export function writeSymbols(writer: ByteWriter, symbols: Uint8Array, counts: Uint32Array): void {
  const weights = weightsOf(counts, symbols.length);
  writeWeights(writer, weights);
  const frequencies = frequenciesOf(weights);
  const starts = STARTS;
  for (let s = 1; s < 256; s++) starts[s] = (starts[s - 1] as number) + (frequencies[s - 1] as number);
  for (let s = 0; s < 256; s++) INVERSES[s] = 1 / (frequencies[s] as number);
  // Backwards, since the reader takes them out in the opposite order: what comes last stands first.
  const bytes = CODED.take(symbols.length * 2 + 3);
  let at = bytes.length;
  let state = LOWEST;
  for (let i = symbols.length - 1; i >= 0; i--) {
    const symbol = symbols[i] as number;
    const frequency = frequencies[symbol] as number;
    const limit = frequency << SCALE_BITS;
    while (state >= limit) {
      bytes[--at] = state & 255;
      state >>>= 8;
    }
    // Half a unit keeps the product away from whole numbers, from which the inverse's rounding could take it.
    const times = ((state + 0.5) * (INVERSES[symbol] as number)) | 0;
    state = (times << SCALE_BITS) + (state - Math.imul(times, frequency)) + (starts[symbol] as number);
  }
  for (let n = 0; n < 3; n++) {
    bytes[--at] = state & 255;
    state >>>= 8;
  }
  writer.raw(bytes.subarray(at));
}

/** Which symbol holds each part of the scale: made anew by each read, in the same memory. */
const SYMBOL_AT = new Uint8Array(SCALE);

const READ = new Scratch((length) => new Uint8Array(length));

/** Reads `count` symbols that writeSymbols wrote; they are there until more are read. @throws RangeError past the end */
export function readSymbols(reader: ByteReader, count: number): Uint8Array {
  const frequencies = frequenciesOf(readWeights(reader));
  const starts = STARTS;
  const symbolAt = SYMBOL_AT;
  for (let s = 0, at = 0; at < SCALE; s++) {
    starts[s] = at;
    const next = at + (frequencies[s] as number);
    if (next > at) symbolAt.fill(s, at, next);
    at = next;
  }
  const bytes = reader.rest();
  let at = 3;
  let state = ((bytes[0] as number) << 16) | ((bytes[1] as number) << 8) | (bytes[2] as number);
  const symbols = READ.take(count);
  for (let i = 0; i < count; i++) {
    const slot = state & (SCALE - 1);
    const symbol = symbolAt[slot] as number;
    symbols[i] = symbol;
    state = (frequencies[symbol] as number) * (state >>> SCALE_BITS) + slot - (starts[symbol] as number);
    while (state < LOWEST && at < bytes.length) state = (state << 8) | (bytes[at++] as number);
  }
  reader.skip(at);
  return symbols;
}
