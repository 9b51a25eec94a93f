import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";

/** What is around the lines, for the axes: pixels. */
export const PLOT_MARGIN = { top: 4, right: 8, bottom: 22, left: 68 };

export type Size = { width: number; height: number };

/** Where in a plot things are, pixels from its upper left corner. */
export type PlotFrame = {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (at: number) => number;
  y: (value: number) => number;
  /** The instant (ms) at a place. */
  at: (x: number) => number;
};

/** How wide the lines' area is, pixels. */
export const innerWidth = (width: number): number => Math.max(1, width - PLOT_MARGIN.left - PLOT_MARGIN.right);

/** The extent of a time axis: an instant alone stands in the middle of a minute. */
export const timeExtent = ({ from, to }: { from: number; to: number }): [number, number] =>
  to > from ? [from, to] : [from - 30_000, from + 30_000];

/** The extent of a value axis. */
export const valueExtent = ({ values }: Pick<PlotSpec, "values">): [number, number] => [
  values[0]?.at ?? 0,
  values.at(-1)?.at ?? 1,
];

/** How far up a value is between others. The difference of -1e308 and 1e308 is no number any more; of their quarters it is. */
const share = (value: number, [low, high]: [number, number]): number => (value / 4 - low / 4) / (high / 4 - low / 4);

export function plotFrame(spec: Pick<PlotSpec, "from" | "to" | "values">, { width, height }: Size): PlotFrame {
  const { left, top } = PLOT_MARGIN;
  const [right, bottom] = [left + innerWidth(width), Math.max(top + 1, height - PLOT_MARGIN.bottom)];
  const [[from, to], extent] = [timeExtent(spec), valueExtent(spec)];
  return {
    ...{ left, right, top, bottom },
    x: (at) => left + ((at - from) / (to - from)) * (right - left),
    y: (value) => bottom - share(value, extent) * (bottom - top),
    at: (x) => from + ((x - left) / (right - left)) * (to - from),
  };
}
