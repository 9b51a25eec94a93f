import { firstFrom, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";

/** Room for what comes next, as a share of what is there. */
const ROOM = 1 / 8;
const BYTES = 3 * Float64Array.BYTES_PER_ELEMENT;

const part = ({ times, values, intervals }: SampleColumns, from: number, to: number): SampleColumns => ({
  times: times.subarray(from, to),
  values: values.subarray(from, to),
  intervals: intervals.subarray(from, to),
});

/** The samples of a run in [from, to), which share its memory. */
export const between = (run: SampleColumns, { from, to }: { from: number; to: number }): SampleColumns =>
  part(run, firstFrom(run.times, from), firstFrom(run.times, to));

/** Samples that grow at their end. What was given out of them stays as it was. */
export class GrowingRun {
  #all: SampleColumns;
  #length: number;

  constructor(run: SampleColumns) {
    this.#all = run;
    this.#length = run.times.length;
  }

  get columns(): SampleColumns {
    return part(this.#all, 0, this.#length);
  }

  get bytes(): number {
    return this.#all.times.length * BYTES;
  }

  /** Puts samples in the place of all that begin at an instant (ms) or after it. */
  replace(from: number, run: SampleColumns): void {
    const kept = firstFrom(this.#all.times.subarray(0, this.#length), from);
    const length = kept + run.times.length;
    // What others may be reading is not written over.
    if (kept < this.#length || length > this.#all.times.length) {
      const size = Math.ceil(length * (1 + ROOM));
      const before = part(this.#all, 0, kept);
      this.#all = {
        times: new Float64Array(size),
        values: new Float64Array(size),
        intervals: new Float64Array(size),
      };
      this.#write(0, before);
    }
    this.#write(kept, run);
    this.#length = length;
  }

  #write(at: number, { times, values, intervals }: SampleColumns): void {
    this.#all.times.set(times, at);
    this.#all.values.set(values, at);
    this.#all.intervals.set(intervals, at);
  }
}
