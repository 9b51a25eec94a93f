"use client";

import { useState } from "react";
import type { ProcessRow } from "#components/processes/queries.ts";
import { cn } from "#components/ui/cn.ts";
import { SortHeading } from "#components/ui/sort-heading.tsx";
import { formatText } from "#lib/format/value.ts";

type Measure = "cpu" | "memory" | "read" | "write" | "io";

const io = ({ read, write }: ProcessRow): number | null =>
  read === null && write === null ? null : (read ?? 0) + (write ?? 0);
const figureOf = (row: ProcessRow, measure: Measure): number | null => (measure === "io" ? io(row) : row[measure]);

/** A narrow screen has what is read and written in one column. */
const COLUMNS: { measure: Measure; title: string; className?: string; help: string }[] = [
  { measure: "cpu", title: "CPU", help: "Of one core: two busy cores are 200 %" },
  { measure: "memory", title: "Memory", help: "Resident; what processes share counts in each" },
  { measure: "read", title: "Read", className: "hidden sm:table-cell", help: "From storage" },
  { measure: "write", title: "Written", className: "hidden sm:table-cell", help: "To storage" },
  { measure: "io", title: "I/O", className: "sm:hidden", help: "Read from and written to storage" },
];

/** With the name. A wider screen has one more. */
const NARROW_COLUMNS = 4;

/** Nothing read or written is most of a table, and says little. */
function text(row: ProcessRow, measure: Measure): string {
  if (measure === "cpu") return row.cpu === 0 ? "0" : formatText(row.cpu, "percent");
  const value = figureOf(row, measure);
  return value === 0 ? "0" : formatText(value, "bytes", measure !== "memory");
}

const whereOf = ({ container, unit }: ProcessRow): string => (container ? `container ${container}` : unit);

function Row({ row, by }: { row: ProcessRow; by: Measure }) {
  const { name, count, pid, command } = row;
  const where = whereOf(row);
  const line = command ? `PID ${pid}: ${command}` : `PID ${pid}`;
  return (
    <tbody>
      <tr>
        <th scope="row" className="max-w-0 pt-1.5 pr-2 text-left font-normal">
          <span className="flex items-baseline gap-1.5">
            <span className="truncate font-medium" title={name}>
              {name}
            </span>
            {count > 1 && <span className="shrink-0 text-2xs text-muted">×{count}</span>}
          </span>
        </th>
        {COLUMNS.map(({ measure, className }) => (
          <td
            key={measure}
            className={cn("whitespace-nowrap pt-1.5 pl-2 text-right", by !== measure && "text-muted", className)}
          >
            {text(row, measure)}
          </td>
        ))}
      </tr>
      <tr>
        <td colSpan={NARROW_COLUMNS} className="max-w-0 truncate pb-1.5 text-2xs text-muted">
          {where && <span className="mr-2 text-ink">{where}</span>}
          <span title={count > 1 ? `${line}. The busiest of ${count}` : line}>{line}</span>
        </td>
        <td className="hidden sm:table-cell" />
      </tr>
    </tbody>
  );
}

/** Processes that used most, sorted by a column that the reader chooses. */
export function ProcessTable({ groups, most }: { groups: ProcessRow[]; most?: number }) {
  const [by, setBy] = useState<Measure>("cpu");
  const value = (row: ProcessRow) => figureOf(row, by) ?? -1;
  const rows = groups.toSorted((a, b) => value(b) - value(a) || b.cpu - a.cpu || b.memory - a.memory).slice(0, most);
  return (
    <table className="figures w-full table-fixed divide-y divide-line text-left text-xs">
      <thead className="text-muted">
        <tr>
          <th scope="col" className="py-1 pr-2 font-normal">
            Process
          </th>
          {COLUMNS.map(({ measure, title, className, help }) => (
            <SortHeading
              key={measure}
              arrow="before"
              help={help}
              order={by === measure ? "descending" : undefined}
              onSort={() => setBy(measure)}
              className={cn("w-[4.75rem] py-1 pl-2 text-right", className)}
            >
              {title}
            </SortHeading>
          ))}
        </tr>
      </thead>
      {rows.map((row) => (
        <Row key={`${row.name} ${row.container} ${row.unit}`} row={row} by={by} />
      ))}
    </table>
  );
}
