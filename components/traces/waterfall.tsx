"use client";

import { ChevronDown, ChevronRight, CircleAlert } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { SpanDetails } from "#components/traces/span-details.tsx";
import { type SpanRow, type SpanTree, unfolded } from "#components/traces/span-tree.ts";
import { durationOf } from "#components/traces/trace-list.tsx";
import { cn } from "#components/ui/cn.ts";
import { plural } from "#lib/format/plural.ts";

const COLUMNS = "grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 sm:grid-cols-[minmax(12rem,36%)_minmax(0,1fr)_4.5rem]";
/** Deeper spans are no further to the right: a narrow screen has no room. */
const DEEPEST = 10;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

function Scale({ lengthMs }: { lengthMs: number }) {
  return (
    <div aria-hidden className={cn(COLUMNS, "mb-1 hidden pl-6 text-2xs text-muted sm:grid")}>
      <span>Span</span>
      <span className="figures relative h-4">
        {SHARES.map((share, n) => (
          <span
            key={share}
            className={cn(
              "absolute whitespace-nowrap",
              n === 0 ? "" : n === SHARES.length - 1 ? "-translate-x-full" : "-translate-x-1/2",
            )}
            style={{ left: `${share * 100}%` }}
          >
            {durationOf((share * lengthMs) / 1_000)}
          </span>
        ))}
      </span>
      <span className="text-right">Duration</span>
    </div>
  );
}

type BarProps = { row: SpanRow; colour: string };

const Bar = ({ row: { start, width, span, outsideMs }, colour }: BarProps) => (
  <span className="relative block h-3 self-center overflow-hidden rounded-sm bg-raised">
    <span
      className={cn(
        "absolute inset-y-0 rounded-sm",
        outsideMs > 0 && "opacity-50",
        span.failed && "ring-2 ring-bad ring-inset",
      )}
      style={{ left: `min(${start * 100}%, 100% - 3px)`, width: `max(3px, ${width * 100}%)`, background: colour }}
    />
  </span>
);

type RowProps = BarProps & {
  isFolded: boolean;
  isOpen: boolean;
  details: string;
  onFold: () => void;
  onOpen: () => void;
};

function Row({ row, colour, isFolded, isOpen, details, onFold, onOpen }: RowProps) {
  const { span, depth, below } = row;
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <div className="flex items-start">
      {below > 0 ? (
        <button
          type="button"
          aria-expanded={!isFolded}
          aria-label={`${plural(below, "span")} below ${span.name}`}
          className="mt-1 flex size-6 shrink-0 cursor-pointer items-center justify-center rounded text-muted hover:bg-raised hover:text-ink"
          onClick={onFold}
        >
          <Chevron aria-hidden className="size-3.5" />
        </button>
      ) : (
        <span className="size-6 shrink-0" />
      )}
      <button
        type="button"
        data-span={span.spanId}
        aria-expanded={isOpen}
        aria-controls={isOpen ? details : undefined}
        className={cn(
          COLUMNS,
          "min-w-0 flex-1 cursor-pointer rounded py-1 text-left hover:bg-raised",
          isOpen && "bg-raised",
        )}
        onClick={onOpen}
      >
        <span className="min-w-0" style={{ paddingLeft: `${Math.min(depth, DEEPEST) * 0.6}rem` }}>
          <span className="flex min-w-0 items-center gap-1.5 text-xs">
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour }} />
            <span className="truncate" title={span.name}>
              {span.name || "unnamed"}
            </span>
            {span.failed && <CircleAlert aria-label="failed" className="size-3.5 shrink-0 text-bad" />}
          </span>
          <span className="block truncate pl-3.5 text-2xs text-muted">
            {span.service}
            {row.outsideMs > 0 && " · outside the trace by its clock"}
          </span>
        </span>
        <span className="order-last col-span-2 mt-1 sm:order-none sm:col-span-1 sm:mt-0 sm:grid">
          <Bar {...{ row, colour }} />
        </span>
        <span className={cn("figures self-center text-right text-xs", span.failed && "text-bad")}>
          {durationOf(span.duration)}
        </span>
      </button>
    </div>
  );
}

/** Moves the focus from span to span; left and right fold and unfold what is below. */
function onArrow(
  event: KeyboardEvent<HTMLElement>,
  rows: SpanRow[],
  fold: (id: string, isFolded: boolean) => void,
): void {
  const id = (event.target as HTMLElement).dataset.span;
  const at = rows.findIndex(({ span }) => span.spanId === id);
  const row = rows[at];
  if (!row) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (row.below > 0) fold(row.span.spanId, event.key === "ArrowLeft");
    return;
  }
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const next = rows[at + (event.key === "ArrowUp" ? -1 : 1)];
  if (next) event.currentTarget.querySelector<HTMLElement>(`[data-span="${CSS.escape(next.span.spanId)}"]`)?.focus();
}

/** A trace's spans below one another, each as a bar where it was; one that is chosen shows what is kept of it. */
export function Waterfall({ tree, colours }: { tree: SpanTree; colours: Map<string, string> }) {
  const id = useId();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string>();
  const rows = unfolded(tree.rows, folded);
  const fold = (spanId: string, isFolded: boolean) =>
    setFolded((before) => new Set(isFolded ? [...before, spanId] : [...before].filter((other) => other !== spanId)));
  return (
    <>
      <Scale lengthMs={tree.lengthMs} />
      <ol aria-label="Spans" onKeyDown={(event) => onArrow(event, rows, fold)}>
        {rows.map((row) => {
          const { spanId, service } = row.span;
          const isOpen = open === spanId;
          const details = `${id} ${spanId}`.replaceAll(" ", "-");
          return (
            <li key={spanId}>
              <Row
                {...{ row, isOpen, details }}
                colour={colours.get(service) ?? "var(--muted)"}
                isFolded={folded.has(spanId)}
                onFold={() => fold(spanId, !folded.has(spanId))}
                onOpen={() => setOpen(isOpen ? undefined : spanId)}
              />
              {isOpen && (
                <div id={details} className="my-1 sm:ml-6">
                  <SpanDetails row={row} from={tree.from} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
