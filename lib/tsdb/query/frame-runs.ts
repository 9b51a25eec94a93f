import { Turn } from "#lib/time/turn.ts";
import { EMPTY_SAMPLES, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { keyOf } from "#lib/tsdb/query/series-key.ts";

const NUMBER_BYTES = 8;

/**
 * The frames of one schema as one run of bytes: of each its instant and the values at some positions, as PostgreSQL sends arrays. In base64, since Prisma
 * takes longer for bytes than the query does.
 */
export type FrameRun = { hostId: number; intervalMs: number; ids: number[]; positions: number[]; base64: string };

/** What PostgreSQL counts microseconds from, ms since the epoch. */
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);
/** What comes before the values of an array: dimensions, flags, type, length and lower bound. */
const ARRAY_HEADER = 20;
const EMPTY_ARRAY = 12;
const LENGTH_AT = 12;

/** The columns of a run of frames, by the positions of the values that are sent; those without a value are left out. */
function decodeRun({ base64, positions, intervalMs }: FrameRun): SampleColumns[] {
  const data = Buffer.from(base64, "base64");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const most = Math.ceil(view.byteLength / (NUMBER_BYTES + ARRAY_HEADER + 4));
  const columns = positions.map(() => new ColumnWriter(most));
  const byPosition: (ColumnWriter | undefined)[] = new Array(Math.max(...positions) + 1).fill(undefined);
  for (const [n, position] of positions.entries()) byPosition[position] = columns[n];
  for (let at = 0; at < view.byteLength; ) {
    const dimensions = view.getInt32(at + NUMBER_BYTES);
    if (dimensions === 0) {
      // The frame ends before the first of them.
      at += NUMBER_BYTES + EMPTY_ARRAY;
      continue;
    }
    const time = (view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)) / 1000 + PG_EPOCH_MS;
    const width = view.getInt32(at + NUMBER_BYTES + LENGTH_AT);
    at += NUMBER_BYTES + ARRAY_HEADER;
    for (let position = 0; position < width; position++) {
      const length = view.getInt32(at);
      at += 4;
      // Minus one is NULL.
      if (length < 0) continue;
      byPosition[position]?.add(time, view.getUint32(at), view.getUint32(at + 4));
      at += NUMBER_BYTES;
    }
  }
  return columns.map((column) => column.done(intervalMs));
}

/** Takes the samples of one column one after another. Values come by words, since a NaN's bits may not survive as a number. */
class ColumnWriter {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #words: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#times = new Float64Array(most);
    this.#values = new Float64Array(most);
    this.#words = new Uint32Array(this.#values.buffer);
  }

  add(time: number, high: number, low: number): void {
    this.#times[this.#count] = time;
    this.#words[2 * this.#count] = low;
    this.#words[2 * this.#count + 1] = high;
    this.#count += 1;
  }

  done(intervalMs: number): SampleColumns {
    return {
      times: this.#times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      intervals: new Float64Array(this.#count).fill(intervalMs),
    };
  }
}

/** The samples of runs by the keys of their series, oldest first. NaNs keep their bits. */
export async function decodeRuns(runs: readonly FrameRun[]): Promise<Map<string, SampleColumns>> {
  const tails = new Map<string, SampleColumns>();
  const turn = new Turn();
  for (const run of runs) {
    for (const [n, column] of decodeRun(run).entries()) {
      const key = keyOf(run.hostId, run.ids[n] as number);
      tails.set(key, mergeSamples(tails.get(key) ?? EMPTY_SAMPLES, column));
    }
    if (turn.isOver) await turn.end();
  }
  return tails;
}
