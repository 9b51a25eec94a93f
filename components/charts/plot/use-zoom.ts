import { type KeyboardEvent, type PointerEvent, type TouchEvent, useRef, useState } from "react";
import { type Pinch, pinched, pinchOf } from "#components/charts/plot/pinch.ts";
import type { PlotFrame } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { type PageTime, useMaybeTime } from "#components/time/page-time.tsx";
import { movedRange, rangeBetween, widerRange } from "#lib/time/range/moves.ts";

/** From one instant to another (ms), in either order: what is chosen, or how far the range is moved. */
export type Selection = { from: number; to: number; isMove: boolean };

/** A pointer that moved less has clicked, pixels. */
const CLICK = 5;

type Axis = Pick<PlotSpec, "from" | "to">;

/** A range of a chart's axis, which shows nothing beyond now that it did not show before. */
function showAxis(time: PageTime, { from, to }: Axis, before: Axis): void {
  const latest = Math.max(time.now(), before.to);
  const beyond = Math.max(0, to - latest);
  time.show(rangeBetween(from - beyond, to - beyond));
}

/** How a selection changes the range of the page. */
function applySelection(time: PageTime, { from, to, isMove }: Selection, axis: Axis): void {
  if (!isMove) time.show(rangeBetween(from, to));
  else time.show(movedRange(axis, (from - to) / (axis.to - axis.from), time.now()));
}

const within = ({ from, to }: Axis, at: number): number => Math.min(Math.max(at, from), to);

/** Zooms and moves by a pointer: a drag chooses, on the axis or with Shift it moves, a second click goes out. */
function useDrag(time: PageTime | null, spec: PlotSpec, frame: PlotFrame) {
  const [selection, setSelection] = useState<Selection>();
  const start = useRef<{ x: number; at: number; isMove: boolean }>(undefined);
  const wasDragged = useRef(false);
  const atOf = ({ clientX, currentTarget }: PointerEvent) =>
    frame.at(clientX - currentTarget.getBoundingClientRect().left);

  const onPointerDown = (event: PointerEvent) => {
    wasDragged.current = false;
    if (!time || event.button !== 0 || event.pointerType === "touch") return;
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    start.current = { x: event.clientX, at: atOf(event), isMove: event.shiftKey || y > frame.bottom };
  };
  const onPointerMove = (event: PointerEvent) => {
    const begun = start.current;
    if (!begun || (!selection && Math.abs(event.clientX - begun.x) < CLICK)) return;
    if (!selection) event.currentTarget.setPointerCapture(event.pointerId);
    const { at, isMove } = begun;
    const now = atOf(event);
    setSelection(isMove ? { from: at, to: now, isMove } : { from: within(spec, at), to: within(spec, now), isMove });
  };
  const end = () => {
    start.current = undefined;
    setSelection(undefined);
  };
  const onPointerUp = () => {
    if (time && selection) {
      wasDragged.current = true;
      applySelection(time, selection, spec);
    }
    end();
  };
  return {
    selection,
    setSelection,
    wasDragged,
    end,
    drag: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end },
  };
}

/** Zooms and moves by two fingers. */
function usePinch(time: PageTime | null, spec: PlotSpec, frame: PlotFrame) {
  const held = useRef<{ pinch: Pinch; axis: Axis | undefined }>(undefined);
  const onTouchStart = (event: TouchEvent) => {
    const pinch = time ? pinchOf(event, frame) : undefined;
    held.current = pinch && { pinch, axis: undefined };
  };
  const onPinchMove = (event: TouchEvent) => {
    if (held.current) held.current.axis = pinched(event, held.current.pinch, frame) ?? held.current.axis;
  };
  const onTouchEnd = () => {
    const axis = held.current?.axis;
    held.current = undefined;
    if (time && axis) showAxis(time, axis, spec);
  };
  return { onPinchMove, touch: { onTouchStart, onTouchEnd, onTouchCancel: onTouchEnd } };
}

/** What a key does to the range, at the crosshair; whether it did anything. */
function zoomByKey(time: PageTime, key: string, spec: PlotSpec, pointed: number | undefined): boolean {
  const { from, to } = spec;
  const quarter = (to - from) / 4;
  if (key === "+" || key === "=") {
    const at = pointed ?? (from + to) / 2;
    time.show(rangeBetween(Math.max(from, at - quarter), Math.min(to, at + quarter)));
  } else if (key === "-") time.show(widerRange(time.shown, time.instants(), time.now()));
  else if (key === "PageUp") time.show(movedRange({ from, to }, -0.5, time.now()));
  else if (key === "PageDown") time.show(movedRange({ from, to }, 0.5, time.now()));
  else return false;
  return true;
}

/** Where a chart's page has a range: zooms and moves it by pointer, fingers and keys. Each is an entry of the history. */
export function useZoom(spec: PlotSpec, frame: PlotFrame) {
  const time = useMaybeTime();
  const { selection, setSelection, wasDragged, end, drag } = useDrag(time, spec, frame);
  const { onPinchMove, touch } = usePinch(time, spec, frame);
  const onDoubleClick = () => time?.show(widerRange(time.shown, time.instants(), time.now()));
  /** The crosshair moves on; with Shift the instants from where it was are chosen. */
  const onMoveByKey = ({ shiftKey }: KeyboardEvent, was: number | undefined, to: number | undefined) => {
    if (!time || !shiftKey || to === undefined) return end();
    setSelection({ from: selection?.from ?? was ?? to, to, isMove: false });
  };
  /** Whether a key was of the range. */
  const onZoomKey = ({ key }: KeyboardEvent, pointed: number | undefined): boolean => {
    if (!time) return false;
    if (key === "Enter" && selection) {
      applySelection(time, selection, spec);
      end();
      return true;
    }
    return zoomByKey(time, key, spec, pointed);
  };
  return {
    canZoom: time !== null,
    selection,
    wasDragged,
    end,
    drag,
    touch,
    onPinchMove,
    onDoubleClick,
    onMoveByKey,
    onZoomKey,
  };
}

export type Zoom = ReturnType<typeof useZoom>;
