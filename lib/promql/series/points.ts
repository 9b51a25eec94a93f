import type { SeriesSamples } from "#lib/promql/series/reader.ts";

/** The steps of a range query, all in ms since the epoch. */
export type Steps = { fromMs: number; toMs: number; stepMs: number };

/** What is no number to a chart or a file is nothing there. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A point for each step of a range query; where a step has no sample it is null, and a line ends. */
export function stepPoints(
  { times, values }: Pick<SeriesSamples, "times" | "values">,
  { fromMs, toMs, stepMs }: Steps,
): [number, number | null][] {
  const points: [number, number | null][] = [];
  let n = 0;
  for (let at = fromMs; at <= toMs; at += stepMs) {
    const isThere = times[n] === at;
    points.push([at, isThere ? finite(values[n] as number) : null]);
    if (isThere) n += 1;
  }
  return points;
}
