import { type KeyboardEvent, type MouseEvent, type TouchEvent, useEffect, useRef, useState } from "react";
import type { PickInstant } from "#components/charts/pick-instant.ts";
import { moveCrosshair, nearestIndex, useCrosshair } from "#components/charts/plot/crosshair.ts";
import { PlotCanvas } from "#components/charts/plot/plot-canvas.tsx";
import { type PlotFrame, plotFrame, type Size } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { Pointed } from "#components/charts/plot/pointed.tsx";
import { Selected } from "#components/charts/plot/selected.tsx";
import { useZoom, type Zoom } from "#components/charts/plot/use-zoom.ts";
import { chartRows } from "#components/charts/table/chart-rows.ts";
import { TableButton } from "#components/charts/table/table-button.tsx";
import { type TipText, tipWords } from "#components/charts/tip-text.tsx";
import { cn } from "#components/ui/cn.ts";

type Props = Size & {
  title: string;
  spec: PlotSpec;
  /** What is said of an instant, by its index among the plot's. */
  tip: (index: number) => TipText;
  /** What happened at an instant, by its index. */
  notes?: ((index: number) => string[]) | undefined;
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

/** So long a click waits for a second, which goes out of the range rather than picking an instant, ms. */
const SECOND_CLICK_MS = 250;

/** Picks what is clicked, unless a second click comes where that means something else. */
function usePick(pick: PickInstant | undefined, waits: boolean) {
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const callOff = () => clearTimeout(waiting.current);
  const onClicked = (at: number) => {
    callOff();
    if (!pick) return;
    if (waits) waiting.current = setTimeout(() => pick.onPick(at), SECOND_CLICK_MS);
    else pick.onPick(at);
  };
  return { onClicked, callOff };
}

/** Moves the page's crosshair by pointer, finger and arrow keys; other keys pick an instant or change the range. */
function usePointing({ spec, frame, pick }: Pick<Props, "spec" | "pick"> & { frame: PlotFrame }, zoom: Zoom) {
  const index = useCrosshair(spec);
  const [by, setBy] = useState<"keys" | "pointer">();

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
    zoom.end();
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
      zoom.onMoveByKey(event, pointed, spec.at[next]);
    } else if (!zoom.onZoomKey(event, pointed)) {
      if (event.key !== "Enter" || !pick || pointed === undefined) return;
      pick.onPick(pointed);
    }
    // Else the page would scroll, and the same Enter press what the focus moves to.
    event.preventDefault();
  };
  return { index, by, point, leave, onKeyDown };
}

/** The drawing with the crosshair. A click and Enter pick an instant; drags and keys change the range of the page. */
function Pointable({ title, spec, width, height, tip, notes, pick }: Props) {
  const frame = plotFrame(spec, { width, height });
  const zoom = useZoom(spec, frame);
  const { index, by, point, leave, onKeyDown } = usePointing({ spec, frame, pick }, zoom);
  const { onClicked, callOff } = usePick(pick, zoom.canZoom);
  const text = index < 0 ? undefined : tip(index);
  const said = index < 0 ? [] : (notes?.(index) ?? []);
  return (
    <div
      role="application"
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the crosshair
      tabIndex={0}
      className={cn("relative", pick && "cursor-pointer", zoom.canZoom && "touch-pan-y select-none")}
      style={{ height }}
      onKeyDown={onKeyDown}
      onBlur={leave}
      onMouseMove={(event) => point(event.clientX, event)}
      onTouchMove={(event) => {
        zoom.onPinchMove(event);
        if (event.touches[0] && event.touches.length === 1) point(event.touches[0].clientX, event);
      }}
      onMouseLeave={() => !zoom.selection && leave()}
      onClick={(event) => {
        const at = zoom.wasDragged.current ? undefined : point(event.clientX, event);
        if (at !== undefined) onClicked(at);
      }}
      onDoubleClick={() => {
        callOff();
        zoom.onDoubleClick();
      }}
      {...zoom.drag}
      {...zoom.touch}
    >
      {width > 0 && <PlotCanvas {...{ spec, width, height }} />}
      {zoom.selection && <Selected selection={zoom.selection} frame={frame} />}
      {text && !zoom.selection && (
        <Pointed {...{ spec, index, frame, width, text }} notes={said} hint={by && pick?.hint} />
      )}
      <p className="sr-only" aria-live="polite">
        {by === "keys" && text && [tipWords(text), ...said].join(", ")}
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
