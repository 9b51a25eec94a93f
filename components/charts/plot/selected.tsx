import type { PlotFrame } from "#components/charts/plot/plot-frame.ts";
import type { Selection } from "#components/charts/plot/use-zoom.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { intervalText } from "#lib/format/duration.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What is chosen by a drag, shaded, or how far the range will be moved. */
export function Selected({ selection: { from, to, isMove }, frame }: { selection: Selection; frame: PlotFrame }) {
  const time = useTimeFormat();
  const [left, right] = [frame.x(Math.min(from, to)), frame.x(Math.max(from, to))];
  const length = intervalText(Math.max(SECOND_MS, Math.round(Math.abs(to - from) / SECOND_MS) * SECOND_MS));
  const words = isMove
    ? `${length} ${to > from ? "earlier" : "later"}`
    : `${time.clock(Math.min(from, to), true)} to ${time.clock(Math.max(from, to), true)}, ${length}`;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute border-accent border-x bg-accent/15"
      style={{ left, width: Math.max(1, right - left), top: frame.top, height: frame.bottom - frame.top }}
    >
      <span className="figures absolute top-1 left-1/2 -translate-x-1/2 whitespace-nowrap rounded bg-surface px-1.5 text-2xs shadow">
        {words}
      </span>
    </div>
  );
}
