"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { ChartRows } from "#components/charts/table/chart-rows.ts";
import { orLost } from "#components/ui/lost.tsx";

const ChartTable = dynamic(
  orLost(() => import("#components/charts/table/chart-table.tsx").then((table) => table.ChartTable)),
  {
    ssr: false,
  },
);

type Props = { title: string; rows: () => ChartRows };

/** Shows what a chart draws as a table, as it is when that is asked for. Seen once the keyboard reaches it; a screen reader finds it beside the chart. */
export function TableButton({ title, rows }: Props) {
  const [shown, setShown] = useState<ChartRows>();
  return (
    <>
      <button
        type="button"
        aria-label={`View as table: ${title}`}
        onClick={() => setShown(rows())}
        className="sr-only cursor-pointer rounded-md border border-line bg-surface text-xs focus-visible:not-sr-only focus-visible:absolute focus-visible:top-0 focus-visible:right-2 focus-visible:z-10 focus-visible:px-2.5 focus-visible:py-1.5 print:hidden"
      >
        View as table
      </button>
      {shown && <ChartTable title={title} rows={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
