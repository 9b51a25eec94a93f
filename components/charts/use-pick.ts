import { type KeyboardEvent, useCallback, useRef } from "react";

/** What a click on a chart, or Enter at its crosshair, does with the instant (ms) there; `hint` says so. */
export type PickInstant = { hint: string; onPick: (at: number) => void };

/** The crosshair comes to where a finger taps, or a pointer jumps, a frame or two after the click. */
const SETTLED_MS = 60;

/** A click, or Enter while the arrow keys have moved the crosshair somewhere, picks an instant. */
export function usePick(pick: PickInstant | undefined) {
  const at = useRef<number | undefined>(undefined);
  const onMove = useCallback((moved: number | undefined) => {
    at.current = moved;
  }, []);
  if (!pick) return { chart: {}, figure: {}, tooltip: {} };
  const onKeyDown = (event: KeyboardEvent) => {
    const inChart = (event.target as Element).closest(".recharts-wrapper") !== null;
    if (event.key !== "Enter" || !inChart || at.current === undefined) return;
    // Else the same press would also press what the focus moves to.
    event.preventDefault();
    pick.onPick(at.current);
  };
  return {
    chart: {
      className: "cursor-pointer",
      onClick: ({ activeLabel }: { activeLabel?: string | number | undefined }) => {
        const clicked = activeLabel === undefined ? undefined : Number(activeLabel);
        setTimeout(() => {
          const picked = at.current ?? clicked;
          if (picked !== undefined) pick.onPick(picked);
        }, SETTLED_MS);
      },
    },
    figure: { onKeyDown },
    tooltip: { onMove, hint: pick.hint },
  };
}
