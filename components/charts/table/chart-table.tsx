"use client";

import type { ChartRows } from "#components/charts/table/chart-rows.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Scrolled } from "#components/ui/scrolled.tsx";
import { Table } from "#components/ui/table.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { plural } from "#lib/format/plural.ts";

type Props = { title: string; rows: ChartRows; onClose: () => void };

/** What a chart drew, instant by instant, in the reader's zone and units. */
export function ChartTable({ title, rows: { head: named, columns, rows }, onClose }: Props) {
  const { style } = useTimeFormat();
  const head = named ?? `Time (${style.zone})`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      note={`${plural(rows.length, "row")}, as the chart was drawn when you opened the table`}
      className="w-[min(60rem,calc(100vw-1.5rem))]"
    >
      <Scrolled label={`${title}, as table`} className="max-h-[70dvh] overflow-auto">
        <Table columns={[head, ...columns]} figures={columns} className="min-w-0">
          {rows.map(({ head: at, figures }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <tr key={n}>
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                {at}
              </th>
              {columns.map((column, k) => (
                <td key={column} className="py-1 pr-3 text-right whitespace-nowrap">
                  {figures[k]}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </Scrolled>
    </Dialog>
  );
}
