"use client";

import { ArrowDown } from "lucide-react";
import { useState } from "react";
import type { ProcessRow } from "#components/processes/queries.ts";
import { cn } from "#components/ui/cn.ts";
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

const text = (row: ProcessRow, measure: Measure): string =>
  measure === "cpu"
    ? formatText(row.cpu, "percent")
    : formatText(figureOf(row, measure), "bytes", measure !== "memory");

function Name({ row: { name, container, unit, count, pid, command } }: { row: ProcessRow }) {
  const where = container ? `container ${container}` : unit;
  const line = command ? `${command} (PID ${pid})` : `PID ${pid}`;
  return (
    <>
      <p className="flex items-baseline gap-1.5">
        <span className="truncate font-medium" title={name}>
          {name}
        </span>
        {count > 1 && <span className="figures shrink-0 text-2xs text-muted">×{count}</span>}
        {where && (
          <span className="min-w-0 truncate text-2xs text-muted" title={where}>
            {where}
          </span>
        )}
      </p>
      <p className="truncate text-2xs text-muted" title={count > 1 ? `${line}, the busiest of ${count}` : line}>
        {line}
      </p>
    </>
  );
}

/** Processes that used most, sorted by a column that the reader chooses. */
export function ProcessTable({ groups, most }: { groups: ProcessRow[]; most?: number }) {
  const [by, setBy] = useState<Measure>("cpu");
  const value = (row: ProcessRow) => figureOf(row, by) ?? -1;
  const rows = groups.toSorted((a, b) => value(b) - value(a) || b.cpu - a.cpu || b.memory - a.memory).slice(0, most);
  return (
    <table className="figures w-full table-fixed text-left text-xs">
      <thead className="text-muted">
        <tr>
          <th scope="col" className="py-1 pr-2 font-normal">
            Process
          </th>
          {COLUMNS.map(({ measure, title, className, help }) => (
            <th
              key={measure}
              scope="col"
              aria-sort={by === measure ? "descending" : undefined}
              className={cn("w-[4.75rem] py-1 pl-2 text-right font-normal", className)}
            >
              <button
                type="button"
                title={help}
                onClick={() => setBy(measure)}
                className={cn(
                  "inline-flex cursor-pointer items-center gap-0.5 hover:text-ink",
                  by === measure && "text-ink",
                )}
              >
                {by === measure && <ArrowDown aria-hidden className="size-3" />}
                {title}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map((row) => (
          <tr key={`${row.name} ${row.container} ${row.unit}`}>
            <td className="max-w-0 py-1.5 pr-2">
              <Name row={row} />
            </td>
            {COLUMNS.map(({ measure, className }) => (
              <td
                key={measure}
                className={cn(
                  "whitespace-nowrap py-1.5 pl-2 text-right align-top",
                  by !== measure && "text-muted",
                  className,
                )}
              >
                {text(row, measure)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
