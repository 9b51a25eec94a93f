"use client";

import { type KeyboardEvent, type MouseEvent, useState } from "react";
import { bucketText, countEstimate, type HeatGrid, type HeatRow, heatRows } from "#components/charts/heat.ts";
import { HeatDrawing } from "#components/charts/heat-drawing.tsx";
import { type Cell, cellAfter, frameOf, HEAT_MARGIN } from "#components/charts/heat-frame.ts";
import type { PickInstant } from "#components/charts/pick-instant.ts";
import { TableButton } from "#components/charts/table/table-button.tsx";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { TipBox } from "#components/charts/tip-box.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";

type Props = {
  title: string;
  grid: HeatGrid;
  rows: HeatRow[];
  levels: number[];
  stepMs: number;
  height: number;
  width: number;
  marks: TimeMark[];
  pick: PickInstant;
};

const Lines = ({ lines }: { lines: string[] }) =>
  lines.map((line, n) => (
    <p key={line} className={n === 0 ? "figures mb-1 text-muted" : "figures"}>
      {line}
    </p>
  ));

/** Counts as colours, time from left to right and what is slow above. Arrow keys go from cell to cell; Enter and a click pick an instant. */
export function HeatMap({ title, grid, rows, levels, stepMs, height, width, marks, pick }: Props) {
  const time = useTimeFormat();
  const [cell, setCell] = useState<Cell>();
  const size = { grid, rows: rows.toReversed(), width, height };
  const frame = frameOf(size);
  const step = cell && grid.steps[cell.column];
  const row = cell && size.rows[cell.row];
  const count = (counts: number[] | null) =>
    counts ? `${countEstimate(counts[row?.index ?? 0] ?? 0)} requests` : "no data";
  const period = (from: number) => `${time.instant(from)}, ${durationText(stepMs)}`;
  const lines = step && row ? [period(step.from), bucketText(row), count(step.counts)] : undefined;

  const cellAt = ({ clientX, clientY, currentTarget }: MouseEvent) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return frame.at(clientX - left, clientY - top);
  };
  const choose = (at: Cell | undefined) => {
    const chosen = at && grid.steps[at.column];
    if (chosen) pick.onPick(chosen.from + stepMs / 2);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") choose(cell);
    if (event.key === "Escape") setCell(undefined);
    const next = cellAfter(event.key, cell, size);
    if (!next) return;
    event.preventDefault();
    setCell(next);
  };
  return (
    <div className="relative">
      <div
        role="application"
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go from cell to cell
        tabIndex={0}
        className="cursor-pointer"
        onKeyDown={onKeyDown}
        onBlur={() => setCell(undefined)}
        onMouseMove={(event) => setCell(cellAt(event))}
        onMouseLeave={() => setCell(undefined)}
        onClick={(event) => choose(cellAt(event))}
      >
        <svg aria-hidden="true" className="block" {...{ width, height }}>
          <HeatDrawing {...{ size, stepMs, frame, levels, marks }} cell={lines && cell} />
        </svg>
      </div>
      {cell && lines && (
        <TipBox x={frame.x(cell.column + 0.5)} top={HEAT_MARGIN.top} width={width} hint={pick.hint}>
          <Lines lines={lines} />
        </TipBox>
      )}
      <p className="sr-only" aria-live="polite">
        {lines?.join(", ")}
      </p>
      <TableButton title={title} rows={() => heatRows(grid, rows, period)} />
    </div>
  );
}
