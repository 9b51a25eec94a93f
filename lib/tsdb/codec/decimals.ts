import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { Scratch } from "#lib/tsdb/codec/scratch.ts";
import { readWholeNumbers, writeWholeNumbers } from "#lib/tsdb/codec/whole-numbers.ts";

// Doubles that programs made of whole numbers: by dividing by a power of ten, by multiplying by its inverse, or by dividing twice, the first time by
// 1000. Which of these it was shows in the last bits. Few values among them may be something else, as markers of the end of a series are.

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];
const INVERSES = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12];

const DIVIDED = 0;
const MULTIPLIED = 1;
const TWICE_DIVIDED = 2;

/** Whole numbers are kept up to this magnitude: their differences twice over, with a sign, stay below 2^53. */
export const MAX_WHOLE = 2 ** 49;
/** Of so many values one may be an exception. */
const EXCEPTIONS_IN = 16;
const SAMPLE = 24;

type Scale = { exponent: number; made: number };
export type Decimals = Scale & { whole: Float64Array; exceptions: number[] };

const valueBy = (whole: number, { exponent, made }: Scale): number => {
  if (made === DIVIDED) return exponent === 0 ? whole : whole / (POWERS[exponent] as number);
  if (made === MULTIPLIED) return whole * (INVERSES[exponent] as number);
  return whole / 1_000 / (POWERS[exponent - 3] as number);
};

/** A value's place among whole numbers where it is not one of them. */
const NONE = Number.NaN;

/** The whole number that a value was made of; NaN where it was not made so. */
function wholeOf(value: number, scale: Scale): number {
  const whole = Math.round(value * (POWERS[scale.exponent] as number));
  if (valueBy(whole, scale) !== value || Math.abs(whole) >= MAX_WHOLE) return NONE;
  // -0 would come back as 0, and NaN equals nothing.
  return whole === 0 && Object.is(value, -0) ? NONE : whole;
}

/** Scales to try, the likely ones first. */
const SCALES: Scale[] = POWERS.flatMap((_, exponent) =>
  [DIVIDED, MULTIPLIED, TWICE_DIVIDED]
    .filter((made) => made === DIVIDED || exponent >= (made === TWICE_DIVIDED ? 6 : 1))
    .map((made) => ({ exponent, made })),
);

function holdsFor(sample: Float64Array, scale: Scale): boolean {
  let missed = 0;
  for (let i = 0; i < sample.length; i++) {
    if (!Number.isNaN(wholeOf(sample[i] as number, scale))) continue;
    missed += 1;
    if (missed > sample.length / EXCEPTIONS_IN) return false;
  }
  return true;
}

const WHOLE = new Scratch((length) => new Float64Array(length));

function apply(values: Float64Array, scale: Scale): Decimals | undefined {
  const whole = WHOLE.take(values.length);
  const exceptions: number[] = [];
  const most = values.length / EXCEPTIONS_IN;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const own = wholeOf(values[i] as number, scale);
    if (Number.isNaN(own)) {
      exceptions.push(i);
      if (exceptions.length > most) return undefined;
    } else before = own;
    whole[i] = before;
  }
  return { ...scale, whole, exceptions };
}

const SAMPLED = new Float64Array(SAMPLE);

/** Some values, evenly spread. */
function sampleOf(values: Float64Array): Float64Array {
  if (values.length <= SAMPLE) return values;
  const step = Math.floor(values.length / SAMPLE);
  for (let n = 0; n < SAMPLE; n++) SAMPLED[n] = values[n * step] as number;
  return SAMPLED;
}

/** Values as whole numbers, by the scale with the fewest decimals that fits; undefined where none does. The numbers are there until the next call. */
export function asDecimals(values: Float64Array): Decimals | undefined {
  const sample = sampleOf(values);
  let best: { scale: Scale; missed: number } | undefined;
  for (const scale of SCALES) {
    if (!holdsFor(sample, scale)) continue;
    const found = apply(values, scale);
    if (!found) continue;
    const missed = found.exceptions.length;
    if (missed === 0) return found;
    if (!best || missed * 2 < best.missed) best = { scale, missed };
  }
  return best && apply(values, best.scale);
}

const HAS_EXCEPTIONS = 64;

/** Writes what asDecimals found of values. */
export function writeDecimals(writer: ByteWriter, values: Float64Array, decimals: Decimals): void {
  const { exponent, made, whole, exceptions } = decimals;
  writer.byte(exponent | (made << 4) | (exceptions.length > 0 ? HAS_EXCEPTIONS : 0));
  writeWholeNumbers(writer, whole);
  if (exceptions.length === 0) return;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  writer.unsigned(exceptions.length);
  for (const index of exceptions) {
    writer.unsigned(index);
    writer.raw(bytes.subarray(index * 8, index * 8 + 8));
  }
}

/** Reads as many values as there is room for, which writeDecimals wrote. @throws RangeError for bytes that it did not write */
export function readDecimals(reader: ByteReader, values: Float64Array): Float64Array {
  const count = values.length;
  const head = reader.byte();
  const [exponent, made] = [head & 15, (head >>> 4) & 3];
  if (exponent >= POWERS.length || made > TWICE_DIVIDED) throw new RangeError("A column has an unknown scale");
  readWholeNumbers(reader, values);
  const scale = { exponent, made };
  if (exponent > 0) for (let i = 0; i < count; i++) values[i] = valueBy(values[i] as number, scale);
  if (!(head & HAS_EXCEPTIONS)) return values;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let left = reader.unsigned(); left > 0; left--) {
    const index = reader.unsigned();
    if (index >= count) throw new RangeError("A column has an exception past its end");
    bytes.set(reader.raw(8), index * 8);
  }
  return values;
}
