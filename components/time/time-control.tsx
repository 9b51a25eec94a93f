"use client";

import { CalendarClock, ChevronLeft, ChevronRight, Pause, Play, RotateCw, ZoomOut } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useRef, useState } from "react";
import { usePageTime } from "#components/time/page-time.tsx";
import { cn } from "#components/ui/cn.ts";
import { orLost } from "#components/ui/lost.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { rangeText } from "#lib/format/range-text.ts";
import { movedRange, widerRange } from "#lib/time/range/moves.ts";

const loadPopup = () => import("#components/time/time-popup.tsx").then(({ TimePopup }) => TimePopup);

/** Comes with the first time that somebody opens it. */
const TimePopup = dynamic(orLost(loadPopup), { ssr: false });

type ActProps = { label: string; onPress: () => void; children: ReactNode };

const Act = ({ label, onPress, children }: ActProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    onClick={onPress}
    className="inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded text-muted hover:bg-raised hover:text-ink"
  >
    {children}
  </button>
);

/** The range in words, and what opens all that can be chosen of it. */
function RangeButton() {
  const { shown, problem, compare, now } = usePageTime();
  const time = useTimeFormat();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const text = rangeText(shown, time, now());
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Time range: ${text}`}
        title={problem ?? text}
        onPointerEnter={() => void loadPopup().catch(() => undefined)}
        onFocus={() => void loadPopup().catch(() => undefined)}
        onClick={() => setOpen(!isOpen)}
        className="figures inline-flex h-7 min-w-0 cursor-pointer items-center gap-1.5 rounded px-2 text-xs hover:bg-raised sm:w-52"
      >
        <CalendarClock aria-hidden className={cn("size-3.5 shrink-0", problem ? "text-warn" : "text-muted")} />
        <span className="truncate">{text}</span>
        {compare && <span className="ml-auto hidden text-muted sm:inline">compared</span>}
      </button>
      {isOpen && <TimePopup anchor={button} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The time of all charts of a page: its range, back and on, out, and whether it moves on. */
export function TimeControl() {
  const { shown, problem, instants, now, show, moves, refreshMs, setRefresh, refresh } = usePageTime();
  const format = useTimeFormat();
  const isPaused = refreshMs === undefined;
  return (
    <div className="inline-block min-w-0 print:hidden">
      <fieldset
        aria-label="Time"
        className="inline-flex max-w-full items-center rounded-md border border-line bg-surface p-0.5"
      >
        <Act label="Earlier" onPress={() => show(movedRange(instants(), -0.5, now()))}>
          <ChevronLeft aria-hidden className="size-4" />
        </Act>
        <RangeButton />
        <Act label="Later" onPress={() => show(movedRange(instants(), 0.5, now()))}>
          <ChevronRight aria-hidden className="size-4" />
        </Act>
        <Act label="Zoom out" onPress={() => show(widerRange(shown, instants(), now()))}>
          <ZoomOut aria-hidden className="size-3.5" />
        </Act>
        {(moves || isPaused) && (
          <Act label={isPaused ? "Resume" : "Pause"} onPress={() => setRefresh(isPaused ? null : "off")}>
            {isPaused ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
          </Act>
        )}
        <Act label="Refresh" onPress={refresh}>
          <RotateCw aria-hidden className="size-3.5" />
        </Act>
      </fieldset>
      {problem && (
        <p role="alert" className="mt-1 w-0 min-w-full text-warn text-xs">
          {problem}. Shown instead: {rangeText(shown, format, now())}.
        </p>
      )}
    </div>
  );
}
