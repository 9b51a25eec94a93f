import type { ChartRows } from "#components/charts/table/chart-rows.ts";
import { formatText } from "#lib/format/value.ts";

/** Counts by step and by bucket, whose upper bounds are in seconds; null is the bound of what is beyond all, and the counts of a gap. */
export type HeatGrid = { bounds: (number | null)[]; steps: { from: number; counts: number[] | null }[] };

/** A bucket that is drawn: its place among all, and what it holds (s). */
export type HeatRow = { index: number; low: number; high: number | null };

/** What is counted is estimated: less than that is nothing. */
const NOTHING = 0.05;
const FEWEST_ROWS = 4;
const MOST_LEVELS = 8;

/** The buckets from the fastest to the slowest that hold anything, a few at least. None where all are empty. */
export function rowsOf({ bounds, steps }: HeatGrid): HeatRow[] {
  const isUsed = bounds.map((_, n) => steps.some(({ counts }) => (counts?.[n] ?? 0) > NOTHING));
  let [first, last] = [isUsed.indexOf(true), isUsed.lastIndexOf(true)];
  if (first < 0) return [];
  while (last - first + 1 < Math.min(FEWEST_ROWS, bounds.length)) {
    if (first > 0) first -= 1;
    else last += 1;
  }
  return bounds.slice(first, last + 1).map((high, n) => ({ index: first + n, low: bounds[first + n - 1] ?? 0, high }));
}

/** Up to how much each level of colour goes, so that equal steps of colour are equal factors. */
export function levelsOf({ steps }: HeatGrid): number[] {
  const most = steps.reduce((found, { counts }) => Math.max(found, ...(counts ?? [])), 1);
  for (const decade of [[1, 2, 5], [1, 3], [1]]) {
    const levels: number[] = [];
    for (let n = 0; (levels.at(-1) ?? 0) < most; n++)
      levels.push((decade[n % decade.length] ?? 1) * 10 ** Math.floor(n / decade.length));
    if (levels.length <= MOST_LEVELS) return levels;
  }
  return Array.from({ length: MOST_LEVELS }, (_, n) => most ** ((n + 1) / MOST_LEVELS));
}

/** The level of a count; undefined for none. */
export function levelOf(count: number, levels: number[]): number | undefined {
  if (count <= NOTHING) return undefined;
  const level = levels.findIndex((most) => count <= most);
  return level < 0 ? levels.length - 1 : level;
}

/** The colour of a level among so many: even steps between two colours of the theme. */
export function heatColour(level: number, levels: number): string {
  const share = levels > 1 ? Math.round((level / (levels - 1)) * 100) : 100;
  return `color-mix(in oklch, var(--heat-high) ${share}%, var(--heat-low))`;
}

const secondsText = (seconds: number): string => formatText(seconds * 1_000, "ms");

/** "250 to 500 ms", "over 60 s" */
export function bucketText({ low, high }: Pick<HeatRow, "low" | "high">): string {
  if (high === null) return `over ${secondsText(low)}`;
  if (low === 0) return `up to ${secondsText(high)}`;
  const [from, to] = [secondsText(low), secondsText(high)];
  const [figure, unit] = from.split(" ");
  return unit === to.split(" ")[1] ? `${figure} to ${to}` : `${from} to ${to}`;
}

/** A count, as far as an estimate goes: "12", "fewer than 1". */
export const countEstimate = (count: number): string =>
  count <= NOTHING ? "0" : count < 1 ? "fewer than 1" : formatText(Math.round(count), "count");

/** The counts as a table: a row for each step, of which `periodText` says when it was. */
export const heatRows = ({ steps }: HeatGrid, buckets: HeatRow[], periodText: (from: number) => string): ChartRows => ({
  columns: buckets.map(bucketText),
  rows: steps.map(({ from, counts }) => ({
    head: periodText(from),
    figures: buckets.map(({ index }) => (counts ? countEstimate(counts[index] ?? 0) : "no data")),
  })),
});
