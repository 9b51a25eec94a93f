import type { Tick } from "#components/charts/axis-ticks.ts";
import type { Columns } from "#components/charts/columns.ts";
import type { TimeMark } from "#components/charts/time-mark.ts";
import type { PageMark } from "#components/marks/page-mark.ts";

/** How a column is drawn; without a stroke it is the edge of a band only. Colours are `var(--token)`, dashes as in SVG, opacity from 0 to 1. */
export type PlotLine = { stroke?: string; strokeDasharray?: string; strokeWidth?: number; opacity?: number };

/** What is filled from one line down to another, or to nothing, by their places. */
export type PlotBand = { upper: number; lower?: number; fill: string; opacity: number };

/** Bars a step (ms) wide, each around its instant, in layers on top of one another: `tops` is how far up each bar of a layer goes. */
export type PlotBars = { stepMs: number; layers: { fill: string; tops: readonly number[] }[] };

/** All that a plot draws. The axes reach from `from` to `to` (ms) and from the first to the last of `values`. */
export type PlotSpec = Columns & {
  lines: PlotLine[];
  bands?: PlotBand[];
  bars?: PlotBars;
  from: number;
  to: number;
  times: Tick[];
  values: Tick[];
  marks?: TimeMark[];
  /** What happened on the host of the page, which marks the upper edge. */
  events?: readonly PageMark[];
  /** Ranges (ms) that stand out. */
  marked?: { from: number; to: number }[] | undefined;
  threshold?: number | null | undefined;
};
