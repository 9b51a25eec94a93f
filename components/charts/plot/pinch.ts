import type { TouchEvent } from "react";
import type { PlotFrame } from "#components/charts/plot/plot-frame.ts";

/** Two fingers on a chart: where they are (pixels from its left edge), and the instants (ms) that they hold. */
export type Pinch = { left: number; right: number; from: number; to: number };

/** Fingers nearer than that say nothing of how far apart they are, pixels. */
const NEAREST = 16;

/** The places of two fingers, in their order; undefined of fewer or more. */
function places({ touches, currentTarget }: TouchEvent): { left: number; right: number } | undefined {
  const [first, second] = [touches[0], touches[1]];
  if (!first || !second || touches.length > 2) return undefined;
  const edge = currentTarget.getBoundingClientRect().left;
  const [left, right] = [first.clientX - edge, second.clientX - edge].sort((a, b) => a - b) as [number, number];
  return right - left >= NEAREST ? { left, right } : undefined;
}

/** What two fingers hold as they come down. */
export function pinchOf(event: TouchEvent, frame: PlotFrame): Pinch | undefined {
  const now = places(event);
  return now && { ...now, from: frame.at(now.left), to: frame.at(now.right) };
}

/** The axis that has the instants that were held where the fingers are now. */
export function pinched(event: TouchEvent, held: Pinch, frame: PlotFrame): { from: number; to: number } | undefined {
  const now = places(event);
  if (!now) return undefined;
  const msAPixel = (held.to - held.from) / (now.right - now.left);
  const at = (x: number) => held.from + (x - now.left) * msAPixel;
  return { from: at(frame.left), to: at(frame.right) };
}
