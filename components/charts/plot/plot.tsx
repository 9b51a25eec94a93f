import { type KeyboardEvent, type MouseEvent, type TouchEvent, useEffect, useState } from "react";
import type { PickInstant } from "#components/charts/pick-instant.ts";
import { moveCrosshair, nearestIndex, useCrosshair } from "#components/charts/plot/crosshair.ts";
import { PlotCanvas } from "#components/charts/plot/plot-canvas.tsx";
import { plotFrame, type Size } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { Pointed } from "#components/charts/plot/pointed.tsx";
import { chartRows } from "#components/charts/table/chart-rows.ts";
import { TableButton } from "#components/charts/table/table-button.tsx";
import { type TipText, tipWords } from "#components/charts/tip-text.tsx";
import { cn } from "#components/ui/cn.ts";

type Props = Size & {
  title: string;
  spec: PlotSpec;
  /** What is said of an instant, by its index among the plot's. */
  tip: (index: number) => TipText;
  pick?: PickInstant | undefined;
};

/** The index to which an arrow key leads from another, from -1, which is none, to the newest. Undefined for another key. */
function indexAfter(key: string, index: number, last: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End" || (index < 0 && (key === "ArrowLeft" || key === "ArrowRight"))) return last;
  if (key === "ArrowLeft") return Math.max(0, index - 1);
  if (key === "ArrowRight") return Math.min(last, index + 1);
  return undefined;
}

/** The drawing with the page's crosshair, by pointer, finger and arrow keys. A click and Enter pick an instant. */
function Pointable({ title, spec, width, height, tip, pick }: Props) {
  const index = useCrosshair(spec);
  const [by, setBy] = useState<"keys" | "pointer">();
  const frame = plotFrame(spec, { width, height });
  const text = index < 0 ? undefined : tip(index);

  // Whoever leaves a page by a click on its chart does not move the pointer off it.
  useEffect(() => () => moveCrosshair(undefined), []);

  const point = (clientX: number, { currentTarget }: MouseEvent | TouchEvent): number | undefined => {
    const at = frame.at(clientX - currentTarget.getBoundingClientRect().left);
    const instant = spec.at[nearestIndex(spec.at, Math.min(Math.max(at, spec.from), spec.to))];
    setBy("pointer");
    moveCrosshair(instant);
    return instant;
  };
  const leave = () => {
    setBy(undefined);
    moveCrosshair(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const pointed = spec.at[index];
    const next = indexAfter(event.key, index, spec.at.length - 1);
    if (event.key === "Escape") leave();
    if (next !== undefined) {
      setBy("keys");
      moveCrosshair(spec.at[next]);
    } else if (event.key === "Enter" && pick && pointed !== undefined) pick.onPick(pointed);
    else return;
    // Else the page would scroll, and the same Enter press what the focus moves to.
    event.preventDefault();
  };
  return (
    <div
      role="application"
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the crosshair
      tabIndex={0}
      className={cn("relative", pick && "cursor-pointer")}
      style={{ height }}
      onKeyDown={onKeyDown}
      onBlur={leave}
      onMouseMove={(event) => point(event.clientX, event)}
      onTouchMove={(event) => event.touches[0] && point(event.touches[0].clientX, event)}
      onMouseLeave={leave}
      onClick={(event) => {
        const at = point(event.clientX, event);
        if (at !== undefined) pick?.onPick(at);
      }}
    >
      {width > 0 && <PlotCanvas {...{ spec, width, height }} />}
      {text && <Pointed {...{ spec, index, frame, width, text }} hint={by && pick?.hint} />}
      <p className="sr-only" aria-live="polite">
        {by === "keys" && text && tipWords(text)}
      </p>
    </div>
  );
}

/** What goes over time: drawn, and as a table. */
export const Plot = (props: Props) => (
  <div className="relative">
    <Pointable {...props} />
    <TableButton title={props.title} rows={() => chartRows(props.spec.at.map((_, n) => props.tip(n)))} />
  </div>
);
