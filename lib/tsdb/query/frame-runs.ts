import { Turn } from "#lib/time/turn.ts";
import { EMPTY_SAMPLES, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { keyOf } from "#lib/tsdb/query/series-key.ts";

const NUMBER_BYTES = 8;

/**
 * The frames of one schema as one run of bytes: of each its instant and the values at some positions, as PostgreSQL sends arrays. In base64, since Prisma
 * takes longer for bytes than the query does.
 */
export type FrameRun = {
  hostId: number;
  intervalMs: number;
  ids: number[];
  positions: number[];
  count: number;
  base64: string;
};

/** What PostgreSQL counts microseconds from, ms since the epoch. */
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);
/** What comes before the values of an array: dimensions, flags, type, length and lower bound. */
const ARRAY_HEADER = 20;
const EMPTY_ARRAY = 12;
const LENGTH_AT = 12;

/** The columns of a run of frames, by the positions of the values that are sent; those without a value are left out. */
function decodeRun({ base64, positions, intervalMs, count }: FrameRun): SampleColumns[] {
  const data = Buffer.from(base64, "base64");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const times = new Float64Array(count);
  const columns = positions.map(() => new ColumnWriter(times));
  const byPosition: (ColumnWriter | undefined)[] = new Array(Math.max(...positions) + 1).fill(undefined);
  for (const [n, position] of positions.entries()) byPosition[position] = columns[n];
  let at = 0;
  for (let frame = 0; frame < count; frame++) {
    times[frame] = (view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)) / 1000 + PG_EPOCH_MS;
    const dimensions = view.getInt32(at + NUMBER_BYTES);
    if (dimensions === 0) {
      // The frame ends before the first of them.
      at += NUMBER_BYTES + EMPTY_ARRAY;
      continue;
    }
    const width = view.getInt32(at + NUMBER_BYTES + LENGTH_AT);
    at += NUMBER_BYTES + ARRAY_HEADER;
    for (let position = 0; position < width; position++) {
      const length = view.getInt32(at);
      at += 4;
      // Minus one is NULL.
      if (length < 0) continue;
      byPosition[position]?.add(frame, view.getUint32(at), view.getUint32(at + 4));
      at += NUMBER_BYTES;
    }
  }
  const intervals = new Float64Array(count).fill(intervalMs);
  return columns.map((column) => column.done(intervals));
}

/** Takes the samples of one column one after another, with instants of its own only where one is missing. Values come by words, since a NaN's bits may not survive as a number. */
class ColumnWriter {
  readonly #frames: Float64Array;
  readonly #values: Float64Array;
  readonly #words: Uint32Array;
  #times: Float64Array | undefined;
  #count = 0;

  /** `frames` are the instants of all frames, as far as they have come. */
  constructor(frames: Float64Array) {
    this.#frames = frames;
    this.#values = new Float64Array(frames.length);
    this.#words = new Uint32Array(this.#values.buffer);
  }

  add(frame: number, high: number, low: number): void {
    const n = this.#count;
    if (frame !== n) this.#times ??= Float64Array.from(this.#frames);
    if (this.#times) this.#times[n] = this.#frames[frame] as number;
    this.#words[2 * n] = low;
    this.#words[2 * n + 1] = high;
    this.#count += 1;
  }

  /** `intervals` are those of all frames. */
  done(intervals: Float64Array): SampleColumns {
    return {
      times: (this.#times ?? this.#frames).subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      intervals: intervals.subarray(0, this.#count),
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
