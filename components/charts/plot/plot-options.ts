import type uPlot from "uplot";
import { type Column, lonePoints } from "#components/charts/columns.ts";
import { axesPlugin } from "#components/charts/plot/axes-plugin.ts";
import { barsPlugin } from "#components/charts/plot/bars-plugin.ts";
import { canvasColour } from "#components/charts/plot/look.ts";
import { marksPlugin } from "#components/charts/plot/marks-plugin.ts";
import { PLOT_MARGIN, type Size, timeExtent, valueExtent } from "#components/charts/plot/plot-frame.ts";
import type { PlotBand, PlotLine, PlotSpec } from "#components/charts/plot/plot-spec.ts";

const LINE_WIDTH = 1.5;
const LONE_POINT_SIZE = 4;

const dashOf = ({ strokeDasharray }: PlotLine): number[] => strokeDasharray?.split(" ").map(Number) ?? [];

function seriesOf(line: PlotLine, ground: PlotBand | undefined): uPlot.Series {
  const { stroke, strokeWidth = LINE_WIDTH, opacity = 1 } = line;
  return {
    ...(stroke ? { stroke: () => canvasColour(stroke, opacity), width: strokeWidth } : { width: 0 }),
    ...(ground && { fill: () => canvasColour(ground.fill, ground.opacity) }),
    // Nothing is to be learnt of the values: the axis says how far it goes.
    auto: false,
    points: {
      show: false,
      filter: (plot, n) => (stroke ? lonePoints(plot.data[n] as Column) : null),
      size: LONE_POINT_SIZE,
      width: 0,
    },
  };
}

const bandOf = ({ upper, lower = 0, fill, opacity }: PlotBand): uPlot.Band => ({
  series: [upper + 1, lower + 1],
  fill: () => canvasColour(fill, opacity),
});

/** uPlot measures dashes in pixels of the screen; pages are drawn in those of CSS. */
const dashesPlugin = (lines: PlotLine[]): uPlot.Plugin => ({
  hooks: {
    setSize: ({ ctx, width, series }) => {
      for (const [n, line] of lines.entries()) {
        const drawn = series[n + 1];
        if (drawn) drawn.dash = dashOf(line).map((length) => (length * ctx.canvas.width) / width);
      }
    },
  },
});

/** What uPlot is made with; `spec` gives what is drawn at the moment. The crosshair is none of its business. */
export function plotOptions(spec: () => PlotSpec, { width, height }: Size): uPlot.Options {
  const { lines, bands = [] } = spec();
  const { top, right, bottom, left } = PLOT_MARGIN;
  return {
    ...{ width, height, ms: 1, padding: [top, right, bottom, left] },
    // Whole pixels would make a slow curve a staircase.
    pxAlign: false,
    cursor: { show: false },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => timeExtent(spec()) },
      // As in plotFrame: quarters, since the whole may be beyond what a number holds.
      y: { distr: 100, fwd: (value) => value / 4, bwd: (value) => value * 4, range: () => valueExtent(spec()) },
    },
    series: [
      {},
      ...lines.map((line, n) =>
        seriesOf(
          line,
          bands.find(({ upper, lower }) => upper === n && lower === undefined),
        ),
      ),
    ],
    bands: bands.filter(({ lower }) => lower !== undefined).map(bandOf),
    plugins: [marksPlugin(spec), axesPlugin(spec), barsPlugin(spec), dashesPlugin(lines)],
  };
}
