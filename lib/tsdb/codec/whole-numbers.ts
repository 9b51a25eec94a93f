import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { bitLength, costOf, readResiduals, writeResiduals } from "#lib/tsdb/codec/residuals.ts";
import { Scratch } from "#lib/tsdb/codec/scratch.ts";

// Whole numbers as what is left of them once the first is subtracted, a common divisor is divided out, differences are taken as often as
// helps, and a level is subtracted from each: the median of the rest, or its least.

/** Differences are taken up to this often: 0 for noise, 1 for a walk, 2 for a clock that drifts. */
const MOST_DIFFERENCES = 2;

// The first byte: how often differences were taken, and these.
const ORDER_MASK = 3;
const FROM_LEAST = 4;
const DIVIDED = 8;
const ALL_ALIKE = 16;

/** Differences of numbers below 2^49 are far enough below 2^53 that a quotient is whole only where the division leaves nothing. */
const divides = (divisor: number, value: number): boolean => {
  const quotient = value / divisor;
  return Math.floor(quotient) === quotient;
};

function divisorOf(values: Float64Array): number {
  let divisor = 0;
  let before = values[0] as number;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    const step = Math.abs(value - before);
    before = value;
    if (step === 0 || step === divisor || (divisor > 0 && divides(divisor, step))) continue;
    let [a, b] = [divisor, step];
    while (b > 0) {
      const rest = a % b;
      a = b;
      b = rest;
    }
    divisor = a;
    if (divisor === 1) return 1;
  }
  return Math.max(1, divisor);
}

const RUN = new Scratch((length) => new Float64Array(length));
const LOOKED_INTO = new Scratch((length) => new Float64Array(length));
const LEVELS = new Float64Array(128);

/** What is left of values without the first and the divisor. */
function reduce(values: Float64Array, first: number, divisor: number): Float64Array {
  const run = RUN.take(values.length);
  if (divisor === 1) for (let i = 0; i < run.length; i++) run[i] = (values[i] as number) - first;
  else for (let i = 0; i < run.length; i++) run[i] = ((values[i] as number) - first) / divisor;
  return run;
}

/** The differences within each of some parts that are equally long, in their place. */
function differ(values: Float64Array, parts: number): Float64Array {
  const length = values.length / parts;
  let at = 0;
  for (let part = 0; part < parts; part++) {
    const end = (part + 1) * length;
    let before = values[part * length] as number;
    for (let i = part * length + 1; i < end; i++) {
      const value = values[i] as number;
      values[at++] = value - before;
      before = value;
    }
  }
  return values.subarray(0, at);
}

/** The median, near enough: of 63 of them. */
function levelOf(values: Float64Array): number {
  const step = Math.max(1, Math.floor(values.length / 63));
  let count = 0;
  for (let i = 0; i < values.length; i += step) LEVELS[count++] = values[i] as number;
  return nthOf(LEVELS, count, count >> 1);
}

/** The number that stands at an index once the first `count` are sorted, which they are not (Hoare's selection). */
function nthOf(numbers: Float64Array, count: number, index: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const pivot = numbers[index] as number;
    let [i, j] = [low, high];
    while (i <= j) {
      while ((numbers[i] as number) < pivot) i += 1;
      while (pivot < (numbers[j] as number)) j -= 1;
      if (i > j) break;
      const other = numbers[i] as number;
      numbers[i++] = numbers[j] as number;
      numbers[j--] = other;
    }
    if (j < index) low = i;
    if (index < i) high = j;
  }
  return numbers[index] as number;
}

function leastOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
  }
  return least;
}

/** A difference from the level without its sign. */
const zigZag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

/** Puts what is left of values above a level in their place, and answers the most of it. */
function subtract(values: Float64Array, level: number, fromLeast: boolean): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const rest = (values[i] as number) - level;
    const residual = fromLeast ? rest : zigZag(rest);
    values[i] = residual;
    if (residual > most) most = residual;
  }
  return most;
}

type Form = { order: number; fromLeast: boolean };

/** Of long runs three parts are looked at. */
const LOOKED_AT = 256;

/** What is looked at of a run, and how many equal parts it is. */
function look(run: Float64Array): { sample: Float64Array; parts: number } {
  if (run.length <= 4 * LOOKED_AT) {
    const sample = LOOKED_INTO.take(run.length);
    sample.set(run);
    return { sample, parts: 1 };
  }
  const sample = LOOKED_INTO.take(3 * LOOKED_AT);
  const last = run.length - LOOKED_AT;
  for (const [n, at] of [0, last >> 1, last].entries()) sample.set(run.subarray(at, at + LOOKED_AT), n * LOOKED_AT);
  return { sample, parts: 3 };
}

const LENGTHS = new Uint32Array(54);

/** What the residuals of a form take, in about. */
function costWith(values: Float64Array, level: number, fromLeast: boolean): number {
  LENGTHS.fill(0);
  for (let i = 0; i < values.length; i++) {
    const rest = (values[i] as number) - level;
    const length = bitLength(fromLeast ? rest : zigZag(rest));
    LENGTHS[length] = (LENGTHS[length] as number) + 1;
  }
  return costOf(LENGTHS, values.length);
}

/** The form whose residuals are shortest. */
function chooseForm(run: Float64Array): Form {
  let [best, least]: [Form, number] = [{ order: 0, fromLeast: false }, Number.POSITIVE_INFINITY];
  let { sample, parts } = look(run);
  for (let order = 0; order <= MOST_DIFFERENCES && run.length > order && least > 0; order++) {
    if (order > 0) sample = differ(sample, parts);
    for (const fromLeast of [false, true]) {
      const cost = costWith(sample, fromLeast ? leastOf(sample) : levelOf(sample), fromLeast);
      if (cost < least) [best, least] = [{ order, fromLeast }, cost];
    }
  }
  return best;
}

/** Whole numbers of a magnitude up to 2^49. */
export function writeWholeNumbers(writer: ByteWriter, values: Float64Array): void {
  if (values.length === 0) return;
  const first = values[0] as number;
  const divisor = divisorOf(values);
  let run = reduce(values, first, divisor);
  const { order, fromLeast } = chooseForm(run);
  const second = order === 2 ? (run[1] as number) : 0;
  for (let n = 0; n < order; n++) run = differ(run, 1);
  const level = run.length === 0 ? 0 : fromLeast ? leastOf(run) : levelOf(run);
  const most = subtract(run, level, fromLeast);
  writer.byte(order | (fromLeast ? FROM_LEAST : 0) | (divisor > 1 ? DIVIDED : 0) | (most === 0 ? ALL_ALIKE : 0));
  writer.signed(first);
  if (divisor > 1) writer.unsigned(divisor);
  if (order === 2) writer.signed(second);
  writer.signed(level);
  if (most > 0) writeResiduals(writer, run, most);
}

/** Reads as many numbers as there is room for, which writeWholeNumbers wrote. @throws RangeError past the end */
export function readWholeNumbers(reader: ByteReader, values: Float64Array): Float64Array {
  const count = values.length;
  if (count === 0) return values;
  const head = reader.byte();
  const order = head & ORDER_MASK;
  const first = reader.signed();
  const divisor = head & DIVIDED ? reader.unsigned() : 1;
  const second = order === 2 ? reader.signed() : 0;
  const level = reader.signed();
  const rest = values.subarray(Math.min(order, count));
  if (head & ALL_ALIKE) rest.fill(0);
  else readResiduals(reader, rest);
  addLevel(rest, level, (head & FROM_LEAST) !== 0);
  if (order > 0) values[0] = 0;
  if (order === 2 && count > 1) values[1] = second;
  if (order === 2) accumulate(values.subarray(1));
  if (order > 0) accumulate(values);
  for (let i = 0; i < count; i++) values[i] = first + divisor * (values[i] as number);
  return values;
}

function addLevel(residuals: Float64Array, level: number, fromLeast: boolean): void {
  for (let i = 0; i < residuals.length; i++) {
    const value = residuals[i] as number;
    if (fromLeast) {
      residuals[i] = level + value;
      continue;
    }
    const half = Math.floor(value / 2);
    residuals[i] = 2 * half === value ? level + half : level - half - 1;
  }
}

/** Puts the sum so far in the place of each. */
function accumulate(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] as number;
    values[i] = sum;
  }
}
