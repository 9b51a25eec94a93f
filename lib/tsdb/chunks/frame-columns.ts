import type { SampleColumns } from "#lib/tsdb/chunks/chunks.ts";

const NUMBER_BYTES = 8;
/** What PostgreSQL counts microseconds from, ms since the epoch. */
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);
/** What comes before the values of an array: dimensions, flags, type, length and lower bound. */
const ARRAY_HEADER = 20;
const EMPTY_ARRAY = 12;
const LENGTH_AT = 12;

const longer = (column: Float64Array): Float64Array<ArrayBuffer> => {
  const grown = new Float64Array(4 * column.length);
  grown.set(column);
  return grown;
};

function ascending(length: number): Uint32Array {
  const numbers = new Uint32Array(length);
  for (let n = 0; n < length; n++) numbers[n] = n;
  return numbers;
}

/** The samples of one column, with instants of its own only where one is missing. Values come by words, since a NaN's bits may not survive as a number. */
class ColumnWriter {
  #values: Float64Array<ArrayBuffer>;
  #words: Uint32Array;
  /** Which frames have a value, where not all do. */
  #frames: Uint32Array | undefined;
  #count = 0;

  constructor(expected: number) {
    this.#values = new Float64Array(expected);
    this.#words = new Uint32Array(this.#values.buffer);
  }

  add(frame: number, high: number, low: number): void {
    const n = this.#count;
    if (n === this.#values.length) this.#grow();
    if (frame !== n) this.#frames ??= ascending(this.#values.length);
    if (this.#frames) this.#frames[n] = frame;
    this.#words[2 * n] = low;
    this.#words[2 * n + 1] = high;
    this.#count = n + 1;
  }

  #grow(): void {
    this.#values = longer(this.#values);
    this.#words = new Uint32Array(this.#values.buffer);
    if (!this.#frames) return;
    const frames = new Uint32Array(this.#values.length);
    frames.set(this.#frames);
    this.#frames = frames;
  }

  /** `times` and `intervals` are those of all frames. */
  done(times: Float64Array, intervals: Float64Array): SampleColumns {
    const frames = this.#frames?.subarray(0, this.#count);
    return {
      times: frames ? Float64Array.from(frames, (frame) => times[frame] as number) : times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      intervals: intervals.subarray(0, this.#count),
    };
  }
}

/** The samples of a run oldest first, whose instants are each there once. */
function inOrder(run: SampleColumns): SampleColumns {
  const { times, values, intervals } = run;
  const order = [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number));
  const sorted = new Float64Array(values.length);
  // By words, since a NaN's bits may not survive as a number.
  const [from, to] = [
    new BigUint64Array(values.buffer, values.byteOffset, values.length),
    new BigUint64Array(sorted.buffer),
  ];
  for (const [n, index] of order.entries()) to[n] = from[index] as bigint;
  return { times: Float64Array.from(order, (n) => times[n] as number), values: sorted, intervals };
}

/** Makes columns of the frames of one schema, which come in the form in which PostgreSQL sends their instant and their array of values. */
export class FrameColumns {
  #times: Float64Array;
  #frames = 0;
  #isInOrder = true;
  readonly #columns: (ColumnWriter | undefined)[];
  /** Whether values at all positions are wanted. */
  readonly #takesAll: boolean;

  /** For about so many frames; of some positions in their arrays, or of all that come. */
  constructor(expected: number, positions?: readonly number[]) {
    this.#times = new Float64Array(Math.max(1, expected));
    this.#takesAll = positions === undefined;
    this.#columns = new Array(positions ? Math.max(...positions) + 1 : 0).fill(undefined);
    for (const position of positions ?? []) this.#columns[position] = new ColumnWriter(this.#times.length);
  }

  /** Takes the frame that stands at an offset, and answers where it ends. A missing value is no sample, nor is what a frame ends before. */
  take(view: DataView, offset: number): number {
    const frame = this.#frames;
    if (frame === this.#times.length) this.#times = longer(this.#times);
    const time = (view.getInt32(offset) * 2 ** 32 + view.getUint32(offset + 4)) / 1000 + PG_EPOCH_MS;
    this.#isInOrder &&= frame === 0 || (this.#times[frame - 1] as number) < time;
    this.#times[frame] = time;
    this.#frames = frame + 1;
    if (view.getInt32(offset + NUMBER_BYTES) === 0) return offset + NUMBER_BYTES + EMPTY_ARRAY;
    const width = view.getInt32(offset + NUMBER_BYTES + LENGTH_AT);
    if (this.#takesAll) while (this.#columns.length < width) this.#columns.push(new ColumnWriter(this.#times.length));
    return this.#takeValues(view, offset + NUMBER_BYTES + ARRAY_HEADER, frame, width);
  }

  #takeValues(view: DataView, offset: number, frame: number, width: number): number {
    const columns = this.#columns;
    let at = offset;
    for (let position = 0; position < width; position++) {
      const length = view.getInt32(at);
      at += 4;
      // Minus one is NULL.
      if (length < 0) continue;
      columns[position]?.add(frame, view.getUint32(at), view.getUint32(at + 4));
      at += NUMBER_BYTES;
    }
    return at;
  }

  get frames(): number {
    return this.#frames;
  }

  /** The samples by position, oldest first, of frames that were meant to be so far apart (ms); nothing at positions that are not wanted. */
  done(intervalMs: number): (SampleColumns | undefined)[] {
    const times = this.#times.subarray(0, this.#frames);
    const intervals = new Float64Array(this.#frames).fill(intervalMs);
    return this.#columns.map((column) => {
      const run = column?.done(times, intervals);
      return run && !this.#isInOrder ? inOrder(run) : run;
    });
  }
}
