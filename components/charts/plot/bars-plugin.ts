import type uPlot from "uplot";
import { inPixels } from "#components/charts/plot/canvas.ts";
import { canvasColour } from "#components/charts/plot/look.ts";
import { type PlotFrame, plotFrame } from "#components/charts/plot/plot-frame.ts";
import type { PlotBars, PlotSpec } from "#components/charts/plot/plot-spec.ts";

/** How much of its step a bar fills. */
const SHARE = 0.8;

/** Bars around their instants, those of a layer on top of those of the layer before it. */
function drawBars(ctx: CanvasRenderingContext2D, frame: PlotFrame, at: readonly number[], bars: PlotBars): void {
  const half = (bars.stepMs * SHARE) / 2;
  let below: readonly number[] = [];
  for (const { fill, tops } of bars.layers) {
    ctx.fillStyle = canvasColour(fill);
    for (const [n, instant] of at.entries()) {
      const [left, right] = [frame.x(instant - half), frame.x(instant + half)];
      const [bottom, top] = [frame.y(below[n] ?? 0), frame.y(tops[n] ?? 0)];
      if (bottom > top) ctx.fillRect(left, top, right - left, bottom - top);
    }
    below = tops;
  }
}

/** uPlot's own paths of bars know neither layers nor how long a step is where there is only one. */
export const barsPlugin = (spec: () => PlotSpec): uPlot.Plugin => ({
  hooks: {
    draw: (plot) =>
      inPixels(plot, (ctx) => {
        const { at, bars } = spec();
        if (bars) drawBars(ctx, plotFrame(spec(), plot), at, bars);
      }),
  },
});
