import { signedEffect } from "#lib/format/share.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import type { Comparison } from "#lib/time/range/moves.ts";
import type { Point } from "#lib/tsdb/points.ts";

/** What the lines of a chart are compared with: points of earlier, where they stand beside those of now. */
export type ComparedLines = { name: string; lines: { id: number; points: Point[] }[] };

/** What a chart is compared with, as its legend names it. */
export const COMPARED_NAMES: Record<Comparison, string> = { before: "period before", week: "last week" };

/** Where points of a chart stand: a step apart, and samples at whole multiples of their interval, ms. */
export type Steps = { stepMs: number; intervalMs: number };

/** Points of earlier at the instants of a chart that they are nearest to; `forth` says where an instant (ms) of then is now. */
export function onSteps(
  points: readonly Point[],
  forth: (at: number) => number,
  { stepMs, intervalMs }: Steps,
): Point[] {
  const apart = Math.max(stepMs, intervalMs);
  const steps = new Map<number, number | null>();
  for (const [at, value] of points) {
    const step = Math.floor((Math.round(forth(at) / apart) * apart) / stepMs) * stepMs;
    // An hour that was there twice, or one that was not: what has a value stands.
    if (value !== null || !steps.has(step)) steps.set(step, value);
  }
  return [...steps].sort(([a], [b]) => a - b);
}

/** By how much a value differs from what it was, with its sign; points of a percentage. Nothing where either is missing. */
export function differenceText(
  value: number | null | undefined,
  was: number | null | undefined,
  { unit, rate }: { unit: Unit; rate: boolean },
): string {
  if (typeof value !== "number" || typeof was !== "number" || !Number.isFinite(value - was)) return "";
  if (unit === "percent") return signedEffect((value - was) / 100, { scale: "points" });
  return `${signedEffect(value - was, { scale: "absolute", unit })}${rate ? "/s" : ""}`;
}
