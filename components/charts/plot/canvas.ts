import type uPlot from "uplot";

/** Draws on a plot's canvas in CSS pixels, and leaves its state as it was. */
export function inPixels({ ctx, width }: uPlot, draw: (ctx: CanvasRenderingContext2D) => void): void {
  const ratio = ctx.canvas.width / width;
  ctx.save();
  ctx.scale(ratio, ratio);
  draw(ctx);
  ctx.restore();
}

/** A line between two points. */
export function stroke(ctx: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}
