import { bytesField, doubleField, numberField, varint } from "./protobuf.ts";

/** A native histogram as senders write it: counts of whole numbers by the index of their buckets, or of fractions. */
export type WrittenHistogram = {
  at: number;
  sum?: number;
  schema?: number;
  zero?: number;
  positive?: [index: number, count: number][];
  negative?: [index: number, count: number][];
  bounds?: number[];
  isFloat?: boolean;
  isGauge?: boolean;
  /** The bits of the sum, for stale markers. */
  sumBits?: bigint;
};

const zigzag = (value: number): number => (value >= 0 ? 2 * value : -2 * value - 1);

function eight(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  if (typeof value === "bigint") bytes.writeBigUInt64LE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

function side(first: number, buckets: [index: number, count: number][], isFloat: boolean): Buffer[] {
  let next = 0;
  let before = 0;
  const spans: Buffer[] = [];
  const deltas: number[] = [];
  for (const [index, count] of buckets.toSorted((a, b) => a[0] - b[0])) {
    spans.push(bytesField(first, Buffer.concat([numberField(1, zigzag(index - next)), numberField(2, 1)])));
    deltas.push(...varint(zigzag(count - before)));
    [next, before] = [index + 1, count];
  }
  if (buckets.length === 0) return [];
  return isFloat
    ? [...spans, bytesField(first + 2, Buffer.concat(buckets.map(([, count]) => eight(count))))]
    : [...spans, bytesField(first + 1, Buffer.from(deltas))];
}

/** The bytes of a histogram; `positive` and `negative` by ascending index. */
export function encodeHistogram(written: WrittenHistogram): Buffer {
  const { at, sum = 0, schema = 0, zero = 0, positive = [], negative = [], bounds = [], isFloat = false } = written;
  const count = [...positive, ...negative].reduce((total, [, own]) => total + own, zero);
  return Buffer.concat([
    isFloat ? doubleField(2, eight(count)) : numberField(1, count),
    doubleField(3, eight(written.sumBits ?? sum)),
    numberField(4, zigzag(schema)),
    isFloat ? doubleField(7, eight(zero)) : numberField(6, zero),
    ...side(8, negative, isFloat),
    ...side(11, positive, isFloat),
    ...(written.isGauge ? [numberField(14, 3)] : []),
    numberField(15, at),
    ...(bounds.length > 0 ? [bytesField(16, Buffer.concat(bounds.map(eight)))] : []),
  ]);
}
