import type { SeriesPoints } from "#lib/tsdb/query.ts";

/** The values of a line at each instant of its chart: null is a gap, undefined an instant that only other lines have. */
export type Column = (number | null | undefined)[];

/** What a chart draws: instants (ms) in their order, and a column for each line. */
export type Columns = { at: number[]; columns: Column[] };

/** Has a gap go on to the next value: where only other lines have instants within it, the line would be drawn from there. */
function widenGaps(column: Column): Column {
  let isGap = false;
  for (const [n, value] of column.entries()) {
    if (value !== undefined) isGap = value === null;
    else if (isGap) column[n] = null;
  }
  return column;
}

/** Lays points of several series side by side. */
export function toColumns(series: readonly Pick<SeriesPoints, "points">[]): Columns {
  const at = [...new Set(series.flatMap(({ points }) => points.map(([instant]) => instant)))].sort((a, b) => a - b);
  const indexes = new Map(at.map((instant, n) => [instant, n]));
  const columns = series.map(({ points }) => {
    const column: Column = new Array(at.length).fill(undefined);
    for (const [instant, value] of points) column[indexes.get(instant) as number] = value;
    return widenGaps(column);
  });
  return { at, columns };
}

/** The indexes in a column of values without a neighbour, which a line does not show. */
export function lonePoints(column: Column): number[] {
  const there = column.flatMap((value, index) => (value === undefined ? [] : [{ index, isGap: value === null }]));
  const isGap = (n: number) => there[n]?.isGap ?? true;
  return there.filter((_, n) => !isGap(n) && isGap(n - 1) && isGap(n + 1)).map(({ index }) => index);
}
