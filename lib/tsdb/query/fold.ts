import type { Aggregate } from "#lib/contract/enums.ts";
import { sortedQuantile } from "#lib/stats/quantile.ts";
import { firstFrom } from "#lib/tsdb/chunks/chunks.ts";
import { bucketStart, type Grid } from "#lib/tsdb/chunks/grid.ts";
import type { Bucket, SampleBlock, StepColumns } from "#lib/tsdb/chunks/steps.ts";

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
type QuantileName = keyof typeof QUANTILES;

/** [start of the step in ms since the epoch, value]; null marks a gap, so that no line is drawn across it. */
export type Point = [number, number | null];

/** Points as columns, without an object each; NaN marks a gap. */
export type PointColumns = { times: number[]; values: number[] };

/** Columns as points. */
export const pointsOf = ({ times, values }: PointColumns): Point[] =>
  times.map((at, n): Point => {
    const value = values[n] as number;
    return [at, Number.isNaN(value) ? null : value];
  });

/** Points as columns. */
export const columnsOf = (points: readonly Point[]): PointColumns => ({
  times: points.map(([at]) => at),
  values: points.map(([, value]) => value ?? Number.NaN),
});

/** A quantile needs every sample; all else can be had from what is kept of each step. */
export const needsSamples = (aggregate: Aggregate): aggregate is QuantileName => Object.hasOwn(QUANTILES, aggregate);

type Figures = Omit<Bucket, "start" | "gap">;

/** A counter is read as its rate per second for avg, min and max; its sum is what it grew by. */
const PICK: Record<Exclude<Aggregate, QuantileName>, (step: Figures) => number> = {
  avg: (b) => b.sum / b.weight,
  rate: (b) => b.sum / b.weight,
  increase: (b) => b.sum,
  sum: (b) => b.sum,
  min: (b) => b.min,
  max: (b) => b.max,
  last: (b) => b.last,
  count: (b) => b.count,
};

/** Folds what is kept of a series, oldest first, into steps, and each step into a point. A gap inside one step hides in it; one between steps is drawn. */
abstract class Fold {
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  protected readonly grid: Grid;
  #start = Number.NaN;
  #gap = false;
  /** Where the first of what came stands, ms; undefined before anything came. */
  first: number | undefined;

  constructor(grid: Grid) {
    this.grid = grid;
  }

  /** Whether a step begins with this. */
  protected begins(start: number, gap: boolean): boolean {
    if (start === this.#start) {
      this.#gap ||= gap;
      return false;
    }
    this.#end();
    this.#start = start;
    this.#gap = gap;
    return true;
  }

  #end(): void {
    if (Number.isNaN(this.#start)) return;
    const { stepMs } = this.grid;
    const previous = this.#times.length > 0 ? (this.#times[this.#times.length - 1] as number) : Number.NaN;
    if (this.#gap && this.#start - previous > stepMs) {
      this.#times.push(previous + stepMs);
      this.#values.push(Number.NaN);
    }
    this.#times.push(this.#start);
    this.#values.push(this.value());
  }

  /** The points. Nothing more is taken then. */
  done(): PointColumns {
    this.#end();
    this.#start = Number.NaN;
    return { times: this.#times, values: this.#values };
  }

  protected abstract value(): number;
  /** Takes samples that count. */
  abstract samples(block: SampleBlock): void;
  /** Takes what is kept of a shorter step. */
  abstract bucket(bucket: Bucket): void;

  /** Takes those of some steps that begin in [from, to). */
  abstract steps(steps: StepColumns, range: { from: number; to: number }): void;
}

/** Without an object a step: of the present one the figures are here. */
class StepFold extends Fold {
  readonly #figures: Figures = { count: 0, sum: 0, weight: 0, min: 0, max: 0, last: 0 };
  readonly #pick: (step: Figures) => number;

  constructor(grid: Grid, aggregate: Exclude<Aggregate, QuantileName>) {
    super(grid);
    this.#pick = PICK[aggregate];
  }

  samples({ length, times, amounts, weights, values, gaps }: SampleBlock): void {
    for (let n = 0; n < length; n++) {
      const start = bucketStart(times[n] as number, this.grid);
      this.first ??= start;
      const [amount, weight] = [amounts[n] as number, weights[n] as number];
      const level = amount / weight;
      this.#take(start, gaps[n] === 1, 1, amount, weight, level, level, values[n] as number);
    }
  }

  bucket(bucket: Bucket): void {
    this.first ??= bucket.start;
    const { start, gap, count, sum, weight, min, max, last } = bucket;
    this.#take(bucketStart(start, this.grid), gap, count, sum, weight, min, max, last);
  }

  steps(
    { times, count, sum, weight, min, max, last, gap }: StepColumns,
    { from, to }: { from: number; to: number },
  ): void {
    const end = firstFrom(times, to);
    for (let n = firstFrom(times, from); n < end; n++) {
      const start = times[n] as number;
      this.first ??= start;
      this.#take(
        bucketStart(start, this.grid),
        gap[n] === 1,
        count[n] as number,
        sum[n] as number,
        weight[n] as number,
        min[n] as number,
        max[n] as number,
        last[n] as number,
      );
    }
  }

  // By one: an object a sample would cost more than all else.
  #take(
    start: number,
    gap: boolean,
    count: number,
    sum: number,
    weight: number,
    min: number,
    max: number,
    last: number,
  ): void {
    const own = this.#figures;
    const begins = this.begins(start, gap);
    own.count = begins ? count : own.count + count;
    own.sum = begins ? sum : own.sum + sum;
    own.weight = begins ? weight : own.weight + weight;
    own.min = begins ? min : Math.min(own.min, min);
    own.max = begins ? max : Math.max(own.max, max);
    own.last = last;
  }

  protected value(): number {
    return this.#pick(this.#figures);
  }
}

/** The quantile of each step's samples, of a counter of its rates; of rollups that of their means. */
class QuantileFold extends Fold {
  readonly #level: number;
  #values = new Float64Array(64);
  #count = 0;

  constructor(grid: Grid, aggregate: QuantileName) {
    super(grid);
    this.#level = QUANTILES[aggregate];
  }

  samples({ length, times, amounts, weights, gaps }: SampleBlock): void {
    for (let n = 0; n < length; n++)
      this.#take(times[n] as number, (amounts[n] as number) / (weights[n] as number), gaps[n] === 1);
  }

  bucket({ start, sum, weight, gap }: Bucket): void {
    this.#take(start, sum / weight, gap);
  }

  steps({ times, sum, weight, gap }: StepColumns, { from, to }: { from: number; to: number }): void {
    const end = firstFrom(times, to);
    for (let n = firstFrom(times, from); n < end; n++)
      this.#take(times[n] as number, (sum[n] as number) / (weight[n] as number), gap[n] === 1);
  }

  #take(time: number, level: number, gap: boolean): void {
    this.first ??= time;
    if (this.begins(bucketStart(time, this.grid), gap)) this.#count = 0;
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count++] = level;
  }

  protected value(): number {
    return sortedQuantile(this.#values.subarray(0, this.#count).sort(), this.#level);
  }
}

/** What folds one series into points of an aggregate. */
export type { Fold };

/** A fold of one series, with nothing in it. */
export const foldOf = (grid: Grid, aggregate: Aggregate): Fold =>
  needsSamples(aggregate) ? new QuantileFold(grid, aggregate) : new StepFold(grid, aggregate);
