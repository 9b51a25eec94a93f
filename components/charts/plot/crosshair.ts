import { useSyncExternalStore } from "react";

/** The instant (ms) that all charts of a page point at, where somebody points at one of them. */
let instant: number | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Points all charts at an instant (ms), or at none. */
export function moveCrosshair(to: number | undefined): void {
  if (to === instant) return;
  instant = to;
  for (const listener of listeners) listener();
}

/** The index of the instant that is nearest to another, -1 among none; instants ascend. */
export function nearestIndex(instants: readonly number[], at: number): number {
  let [low, high] = [0, instants.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [before, after] = [instants[middle] as number, instants[middle + 1] as number];
    if (at - before <= after - at) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** The index among a chart's instants where the crosshair is, -1 while it is nowhere on its axis. */
export const useCrosshair = ({ at, from, to }: { at: readonly number[]; from: number; to: number }): number =>
  useSyncExternalStore(
    subscribe,
    () => (instant === undefined || instant < from || instant > to ? -1 : nearestIndex(at, instant)),
    () => -1,
  );
