import type { Unit } from "#lib/metrics/catalogue.ts";

/** Steps between ticks within a decade, or within a prefix of binary sizes. */
const DECIMAL = [1, 2, 5, 10];
const BINARY = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The smallest round step that spans so much in a few intervals: 1, 2 or 5 of a decade; of bytes a power of two. */
function roundStep(span: number, unit: Unit, intervals: number): number {
  const least = span / intervals;
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
  if (low === 0 && high === 0) return unit === "bytes" ? [0, 512, 1024] : [0, 0.5, 1];
  // A line along the upper edge would hide in it.
  const isFull = unit === "percent" && high <= 100 && high * 1.02 > 100;
  const top = isFull ? 100 : high * 1.02;
  const bottom = low * 1.02;
  const step = roundStep(top - bottom, unit, intervals);
  const [first, last] = [Math.floor(bottom / step + 1e-9), Math.ceil(top / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step + 0);
}
