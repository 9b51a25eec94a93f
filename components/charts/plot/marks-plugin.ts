import type uPlot from "uplot";
import { inPixels, stroke } from "#components/charts/plot/canvas.ts";
import { canvasColour, canvasFont } from "#components/charts/plot/look.ts";
import { type PlotFrame, plotFrame } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { markText, type TimeMark } from "#components/charts/time-mark.ts";
import { type PageMark, stretchesOf } from "#components/marks/page-mark.ts";

const FONT_SIZE = 10;
const GAP = 5;
const RANGE_OPACITY = 0.1;

/** Ranges that stand out, below the lines. */
function drawRanges(ctx: CanvasRenderingContext2D, frame: PlotFrame, ranges: PlotSpec["marked"] = []): void {
  ctx.fillStyle = canvasColour("var(--bad)", RANGE_OPACITY);
  for (const { from, to } of ranges) {
    const [left, right] = [Math.max(frame.left, frame.x(from)), Math.min(frame.right, frame.x(to))];
    if (right > left) ctx.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
  }
}

function drawThreshold(ctx: CanvasRenderingContext2D, frame: PlotFrame, threshold: number): void {
  const y = frame.y(threshold);
  if (y < frame.top || y > frame.bottom) return;
  ctx.strokeStyle = canvasColour("var(--bad)");
  ctx.setLineDash([4, 3]);
  stroke(ctx, [frame.left, y], [frame.right, y]);
}

/** Upright lines where something happened, with what it was beside them, on the side where there is room. */
function drawMarks(ctx: CanvasRenderingContext2D, frame: PlotFrame, marks: TimeMark[]): void {
  ctx.font = canvasFont(FONT_SIZE);
  ctx.textBaseline = "top";
  ctx.fillStyle = canvasColour("var(--muted)");
  ctx.strokeStyle = canvasColour("var(--muted)");
  ctx.setLineDash([3, 3]);
  for (const { at, text } of marks) {
    const x = Math.round(frame.x(at)) + 0.5;
    if (x < frame.left || x > frame.right + 1) continue;
    stroke(ctx, [x, frame.top], [x, frame.bottom]);
    const words = markText(text);
    const isLate = x + GAP + ctx.measureText(words).width > frame.right;
    ctx.textAlign = isLate ? "right" : "left";
    ctx.fillText(words, isLate ? x - GAP : x + GAP, frame.top + GAP);
  }
}

const EDGE_HEIGHT = 3;
/** More lines from top to bottom than that would hide the chart. */
const MOST_LINES = 20;
const LINE_OPACITY = 0.5;

/** The gravest first. */
const GRAVE_FIRST = ["var(--bad)", "var(--warn)", "var(--accent)", "var(--muted)"];

/** What happened, along the upper edge; of a few instants a line below as well. */
function drawEvents(ctx: CanvasRenderingContext2D, frame: PlotFrame, events: readonly PageMark[]): void {
  const x = (at: number) => Math.min(Math.max(frame.x(at), frame.left), frame.right);
  for (const { left, right, colour } of stretchesOf(events, x, GRAVE_FIRST)) {
    ctx.fillStyle = canvasColour(colour);
    ctx.fillRect(left, frame.top - EDGE_HEIGHT, right - left, EDGE_HEIGHT);
  }
  const instants = events.filter(({ from, to }) => from === to && frame.x(from) >= frame.left);
  if (instants.length > MOST_LINES) return;
  ctx.setLineDash([2, 3]);
  for (const { from, colour } of instants) {
    const at = Math.round(frame.x(from)) + 0.5;
    ctx.strokeStyle = canvasColour(colour, LINE_OPACITY);
    stroke(ctx, [at, frame.top], [at, frame.bottom]);
  }
  ctx.setLineDash([]);
}

/** What happened, and what lies beyond a threshold. */
export const marksPlugin = (spec: () => PlotSpec): uPlot.Plugin => ({
  hooks: {
    drawClear: (plot) =>
      inPixels(plot, (ctx) => {
        const frame = plotFrame(spec(), plot);
        drawRanges(ctx, frame, spec().marked);
        drawEvents(ctx, frame, spec().events ?? []);
      }),
    draw: (plot) =>
      inPixels(plot, (ctx) => {
        const { threshold, marks = [] } = spec();
        const frame = plotFrame(spec(), plot);
        if (typeof threshold === "number") drawThreshold(ctx, frame, threshold);
        drawMarks(ctx, frame, marks);
      }),
  },
});
