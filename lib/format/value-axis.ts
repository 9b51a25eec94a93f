import type { Unit } from "#lib/metrics/catalogue.ts";

/** Steps between ticks within a decade, or within a prefix of binary sizes. */
const DECIMAL = [1, 2, 5, 10];
const BINARY = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Nearer to 0 than that a step would be none: such values are drawn as 0. */
const SMALLEST = 1e-300;

/** The smallest round step that is so large: 1, 2 or 5 of a decade; of bytes a power of two. */
function roundStep(least: number, unit: Unit): number {
  const [base, steps] = unit === "bytes" ? [1024, BINARY] : [10, DECIMAL];
  const prefix = base ** Math.floor(Math.log(least) / Math.log(base));
  return (steps.find((step) => step * prefix >= least * (1 - 1e-9)) ?? base) * prefix;
}

/**
 * The ticks of a value axis, at round figures, from a lowest to a highest value or just beyond them; 0 is always one. Percentages end at 100
 * where they do not exceed it. `intervals` is how many a chart has room for, to each side of 0.
 */
export function valueTicks(lowest: number, highest: number, unit: Unit, intervals = 5): number[] {
  const [low, high] = [Math.min(0, lowest || 0), Math.max(0, highest || 0)];
  if (-low < SMALLEST && high < SMALLEST) return unit === "bytes" ? [0, 512, 1024] : [0, 0.5, 1];
  // A line along the upper edge would hide in it.
  const isFull = unit === "percent" && high <= 100 && high * 1.02 > 100;
  const top = isFull ? 100 : Math.min(high * 1.02, Number.MAX_VALUE);
  const bottom = Math.max(low * 1.02, -Number.MAX_VALUE);
  // Apart, since together they may be beyond what a number holds; so may be the step beyond the largest.
  const step = roundStep(top / intervals - bottom / intervals, unit);
  const [first, last] = [Math.floor(bottom / step + 1e-9), Math.ceil(top / step - 1e-9)];
  const most = Number.MAX_VALUE;
  return Array.from({ length: last - first + 1 }, (_, n) => Math.max(-most, Math.min(most, (first + n) * step + 0)));
}
