"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { SortHeading } from "#components/ui/sort-heading.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

/** So many rows are shown at first. */
const SHOWN = 25;

type Value = string | number | null;

/** A column: its title, the value of a row, and the unit of its figures: bytes, count, seconds, ms, percent, or instant (ms since the epoch). */
export type DataColumn<T> = {
  title: string;
  value: (row: T) => Value;
  unit?: string;
  /** In place of the value. */
  cell?: (row: T) => ReactNode;
  wide?: boolean;
};

/** A figure or an instant as it is read. */
function FigureText({ value, unit }: { value: Value; unit: string | null | undefined }) {
  if (value === null || value === "") return <span className="text-muted">–</span>;
  if (typeof value === "string") return value;
  return unit === "instant" ? <DateTime at={value} /> : formatText(value, unit ?? "count");
}

function compare(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });
}

type HeadProps<T> = { column: DataColumn<T>; direction: 1 | -1 | undefined; onSort: (() => void) | undefined };

function Head<T>({ column: { title, unit }, direction, onSort }: HeadProps<T>) {
  const look = cn("whitespace-nowrap py-1 pr-4", unit && "text-right");
  if (!onSort)
    return (
      <th scope="col" className={cn("font-normal", look)}>
        {title}
      </th>
    );
  const order = direction && (direction === 1 ? "ascending" : "descending");
  return (
    <SortHeading roomy order={order} onSort={onSort} arrow={unit ? "before" : "after"} className={look}>
      {title}
    </SortHeading>
  );
}

type Props<T> = {
  label: string;
  rows: readonly T[];
  rowKey: (row: T) => string;
  columns: readonly DataColumn<T>[];
  /** The title of the column that it is sorted by at first, the greatest first; without it the order stays. */
  sort?: string;
};

/** Rows of figures, right-aligned, that are sorted by a column, all of them on request; a narrow screen scrolls them sideways. */
export function DataTable<T>({ label, rows, rowKey, columns, sort }: Props<T>) {
  const [by, setBy] = useState<{ title: string; direction: 1 | -1 }>({ title: sort ?? "", direction: -1 });
  const [whole, setWhole] = useState(false);
  const column = columns.find(({ title }) => title === by.title);
  const shown = column ? rows.toSorted((a, b) => by.direction * compare(column.value(a), column.value(b))) : rows;
  const toggle = (title: string) =>
    setBy((before) => ({ title, direction: before.title === title && before.direction === -1 ? 1 : -1 }));
  return (
    <>
      <div className="relative overflow-x-auto">
        <table aria-label={label} className="figures w-full min-w-[36rem] text-left text-xs">
          <thead className="text-muted">
            <tr>
              {columns.map((entry) => (
                <Head
                  key={entry.title}
                  column={entry}
                  direction={sort !== undefined && entry.title === by.title ? by.direction : undefined}
                  onSort={sort === undefined ? undefined : () => toggle(entry.title)}
                />
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {(whole ? shown : shown.slice(0, SHOWN)).map((row) => (
              <tr key={rowKey(row)} className="align-top">
                {columns.map((entry) => (
                  <td
                    key={entry.title}
                    className={cn(
                      "py-1.5 pr-4",
                      entry.unit ? "whitespace-nowrap text-right" : "break-words",
                      entry.wide && "min-w-64",
                    )}
                  >
                    {entry.cell ? entry.cell(row) : <FigureText value={entry.value(row)} unit={entry.unit} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!whole && shown.length > SHOWN && (
        <Button variant="quiet" className="mt-2 h-8 text-xs" onClick={() => setWhole(true)}>
          Show all {shown.length}
        </Button>
      )}
    </>
  );
}
