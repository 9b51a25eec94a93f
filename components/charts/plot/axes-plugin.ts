import type uPlot from "uplot";
import type { Tick } from "#components/charts/axis-ticks.ts";
import { inPixels, stroke } from "#components/charts/plot/canvas.ts";
import { canvasColour, canvasFont } from "#components/charts/plot/look.ts";
import { type PlotFrame, plotFrame } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";

const FONT_SIZE = 11;
const GAP = 8;

/** Values up the side, a line of the grid at each. */
function drawValues(ctx: CanvasRenderingContext2D, frame: PlotFrame, values: Tick[]): void {
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const { at, text } of values) {
    const y = Math.round(frame.y(at)) + 0.5;
    stroke(ctx, [frame.left, y], [frame.right, y]);
    // The topmost would else be cut off by the canvas' edge.
    ctx.fillText(text, frame.left - GAP, Math.max(y, FONT_SIZE / 2));
  }
}

/** Times along the bottom, each below its instant but within the canvas, and none over another. */
function drawTimes(ctx: CanvasRenderingContext2D, frame: PlotFrame, times: Tick[], width: number): void {
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  let free = 0;
  for (const { at, text } of times) {
    const length = ctx.measureText(text).width;
    const left = Math.min(frame.x(at) - length / 2, width - length);
    if (left < free) continue;
    ctx.fillText(text, left, frame.bottom + GAP);
    free = left + length + GAP;
  }
}

/** Grid and axes: uPlot's own would measure values in digits, of which 1e308 has too many. */
export const axesPlugin = (spec: () => PlotSpec): uPlot.Plugin => ({
  hooks: {
    drawClear: (plot) =>
      inPixels(plot, (ctx) => {
        const { times, values } = spec();
        ctx.font = canvasFont(FONT_SIZE);
        ctx.fillStyle = canvasColour("var(--muted)");
        ctx.strokeStyle = canvasColour("var(--line)");
        const frame = plotFrame(spec(), plot);
        drawValues(ctx, frame, values);
        drawTimes(ctx, frame, times, plot.width);
      }),
  },
});
