import type { Unit } from "#lib/metrics/catalogue.ts";

const ROUND = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10];
const PERCENT = [1, 2, 4, 8, 10, 20, 40, 60, 80, 100];

/** The top of an axis that begins at 0: a round figure above the highest value, which quarters keep readable. */
export function axisTop(highest: number, unit: Unit): number {
  if (unit === "percent") return PERCENT.find((top) => top >= highest * 1.05) ?? Math.max(100, highest);
  if (!(highest > 0)) return unit === "bytes" ? 1024 : 1;
  const base = unit === "bytes" ? 1024 : 1000;
  const prefix = base ** Math.floor(Math.log(highest) / Math.log(base));
  const decade = 10 ** Math.floor(Math.log10(highest / prefix));
  const top = ROUND.find((step) => step * decade * prefix >= highest * 1.02) ?? 10;
  return top * decade * prefix;
}

/** The ticks of a value axis from 0 to its top. */
export function axisTicks(top: number): number[] {
  return [0, top / 4, top / 2, (3 * top) / 4, top];
}
