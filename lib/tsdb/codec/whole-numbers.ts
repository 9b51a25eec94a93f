import type { ByteReader, ByteWriter } from "#lib/tsdb/codec/bytes.ts";
import { costOf, countLengths, readResiduals, writeResiduals } from "#lib/tsdb/codec/residuals.ts";

// Whole numbers as what is left of them once the first is subtracted, a common divisor is divided out, differences are taken as often as
// helps, and a level is subtracted from each: the median of the rest, or its least.

/** Differences are taken up to this often: 0 for noise, 1 for a walk, 2 for a clock that drifts. */
const MOST_DIFFERENCES = 2;

// The first byte: how often differences were taken, and these.
const ORDER_MASK = 3;
const FROM_LEAST = 4;
const DIVIDED = 8;
const ALL_ALIKE = 16;

function divisorOf(values: Float64Array): number {
  let divisor = 0;
  for (let i = 1; i < values.length; i++) {
    const step = Math.abs((values[i] as number) - (values[i - 1] as number));
    if (step === 0 || step === divisor) continue;
    let [a, b] = [divisor, step];
    while (b > 0) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1) return 1;
  }
  return Math.max(1, divisor);
}

function differences(values: Float64Array): Float64Array {
  const result = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < result.length; i++) result[i] = (values[i + 1] as number) - (values[i] as number);
  return result;
}

/** The median, near enough: of 63 of them. */
function levelOf(values: Float64Array): number {
  const step = Math.max(1, Math.floor(values.length / 63));
  const some: number[] = [];
  for (let i = 0; i < values.length; i += step) some.push(values[i] as number);
  some.sort((a, b) => a - b);
  return some[some.length >> 1] as number;
}

function leastOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) < least) least = values[i] as number;
  return least;
}

const zigZag = (values: Float64Array, level: number): Float64Array => {
  const result = new Float64Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const value = (values[i] as number) - level;
    result[i] = value >= 0 ? value * 2 : -value * 2 - 1;
  }
  return result;
};

const above = (values: Float64Array, least: number): Float64Array => {
  const result = new Float64Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = (values[i] as number) - least;
  return result;
};

type Form = { order: number; fromLeast: boolean };

/** Of long runs three parts are looked at. */
const LOOKED_AT = 256;

function partsOf(values: Float64Array): Float64Array[] {
  if (values.length <= 4 * LOOKED_AT) return [values];
  const middle = (values.length - LOOKED_AT) >> 1;
  return [0, middle, values.length - LOOKED_AT].map((at) => values.subarray(at, at + LOOKED_AT));
}

const residualsOf = (values: Float64Array, level: number, fromLeast: boolean): Float64Array =>
  fromLeast ? above(values, level) : zigZag(values, level);

/** The form whose residuals are shortest. */
function chooseForm(values: Float64Array): Form {
  let [best, least]: [Form, number] = [{ order: 0, fromLeast: false }, Number.POSITIVE_INFINITY];
  let parts = partsOf(values);
  for (let order = 0; order <= MOST_DIFFERENCES && values.length > order; order++) {
    if (order > 0) parts = parts.map(differences);
    const all = join(parts);
    for (const fromLeast of [false, true]) {
      const residuals = residualsOf(all, fromLeast ? leastOf(all) : levelOf(all), fromLeast);
      const cost = costOf(countLengths(residuals), residuals.length);
      if (cost < least) [best, least] = [{ order, fromLeast }, cost];
    }
  }
  return best;
}

function join(parts: Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0] as Float64Array;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const allZero = (values: Float64Array): boolean => {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
};

/** Whole numbers of a magnitude up to 2^49. */
export function writeWholeNumbers(writer: ByteWriter, values: Float64Array): void {
  if (values.length === 0) return;
  const first = values[0] as number;
  const divisor = divisorOf(values);
  let run: Float64Array = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) run[i] = ((values[i] as number) - first) / divisor;
  const { order, fromLeast } = chooseForm(run);
  const second = order === 2 ? (run[1] as number) : 0;
  for (let n = 0; n < order; n++) run = differences(run);
  const level = run.length === 0 ? 0 : fromLeast ? leastOf(run) : levelOf(run);
  const residuals = residualsOf(run, level, fromLeast);
  const alike = allZero(residuals);
  writer.byte(order | (fromLeast ? FROM_LEAST : 0) | (divisor > 1 ? DIVIDED : 0) | (alike ? ALL_ALIKE : 0));
  writer.signed(first);
  if (divisor > 1) writer.unsigned(divisor);
  if (order === 2) writer.signed(second);
  writer.signed(level);
  if (!alike) writeResiduals(writer, residuals);
}

/** Reads `count` numbers that writeWholeNumbers wrote. @throws RangeError past the end */
export function readWholeNumbers(reader: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0) return values;
  const head = reader.byte();
  const order = head & ORDER_MASK;
  const first = reader.signed();
  const divisor = head & DIVIDED ? reader.unsigned() : 1;
  const second = order === 2 ? reader.signed() : 0;
  const level = reader.signed();
  const residuals =
    head & ALL_ALIKE ? new Float64Array(Math.max(0, count - order)) : readResiduals(reader, Math.max(0, count - order));
  const rest = (i: number): number => {
    const value = residuals[i] as number;
    if (head & FROM_LEAST) return level + value;
    return level + (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
  };
  let [value, step] = [0, second];
  if (order === 0) for (let i = 0; i < count; i++) values[i] = first + divisor * rest(i);
  else {
    values[0] = first;
    for (let i = 1; i < count; i++) {
      if (order === 1) step = rest(i - 1);
      else if (i > 1) step += rest(i - 2);
      value += step;
      values[i] = first + divisor * value;
    }
  }
  return values;
}
