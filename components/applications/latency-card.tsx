"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Subject } from "#components/applications/addresses.ts";
import { latencyQuery } from "#components/applications/queries.ts";
import { useTracePick } from "#components/applications/trace-pick.ts";
import {
  bucketText,
  countEstimate,
  type HeatGrid,
  type HeatRow,
  heatColour,
  levelsOf,
  rowsOf,
} from "#components/charts/heat.ts";
import { HEAT_MARGIN } from "#components/charts/heat-frame.ts";
import { HeatMap } from "#components/charts/heat-map.tsx";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Scrolled } from "#components/ui/scrolled.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { formatText } from "#lib/format/value.ts";

const HEIGHT = 260;
/** A column is at least so wide. */
const PIXELS_A_COLUMN = 8;

/** As many columns as fit, in steps so that a small change of width does not ask again. */
const columnsFor = (width: number): number =>
  width === 0
    ? 0
    : Math.min(
        160,
        Math.max(10, Math.floor((width - HEAT_MARGIN.left - HEAT_MARGIN.right) / PIXELS_A_COLUMN / 10) * 10),
      );

function Legend({ levels, stepMs }: { levels: number[]; stepMs: number }) {
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-muted">
      <span>Requests in {durationText(stepMs)}:</span>
      <span className="flex items-center gap-1">
        <span aria-hidden className="size-3 rounded-sm bg-raised" /> 0
      </span>
      {levels.map((most, level) => (
        <span key={most} className="figures flex items-center gap-1">
          <span aria-hidden className="size-3 rounded-sm" style={{ background: heatColour(level, levels.length) }} />
          {level === 0 ? "up to " : ""}
          {formatText(most, "count")}
        </span>
      ))}
      <span className="flex items-center gap-1">
        <span aria-hidden className="size-3 rounded-sm border border-line" /> no data
      </span>
    </p>
  );
}

/** The same as rows: a time each, the newest first, and how many requests were in which bucket. */
function Counts({ grid, rows }: { grid: HeatGrid; rows: HeatRow[] }) {
  const time = useTimeFormat();
  return (
    <Scrolled label="Requests by time and latency" className="max-h-80 overflow-auto">
      <Table columns={["From", ...rows.map(bucketText)]}>
        {grid.steps.toReversed().map(({ from, counts }) => (
          <tr key={from}>
            <th scope="row" className="whitespace-nowrap py-1 pr-3 font-normal text-muted">
              {time.instant(from)}
            </th>
            {rows.map(({ index }) => (
              <td key={index} className="py-1 pr-3">
                {counts ? countEstimate(counts[index] ?? 0) : "–"}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Scrolled>
  );
}

/** How long requests took, as a heat map or as a table. */
export function LatencyCard({ subject, marks }: { subject: Subject; marks: TimeMark[] }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [asTable, setAsTable] = useState(false);
  const pick = useTracePick(subject);
  const query = useQuery(latencyQuery(subject, usePageTime(), columnsFor(width)));
  return (
    <Card>
      <CardTitle
        aside={
          <Button
            variant="quiet"
            className="h-7 px-2 text-xs"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            Show as table
          </Button>
        }
      >
        Latency
      </CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView
          query={query}
          what="The latency"
          skeleton={<Skeleton className="h-full min-h-[inherit]" />}
          isEmpty={(grid) => rowsOf(grid).length === 0}
          empty={<p className="text-muted text-xs">No request in this range: choose a longer one.</p>}
        >
          {(grid) => {
            const [rows, levels] = [rowsOf(grid), levelsOf(grid)];
            const { stepMs } = grid;
            if (asTable) return <Counts {...{ grid, rows }} />;
            const title = `Latency: requests by time and by how long they took, ${rows.length} buckets. Arrow keys go from cell to cell.`;
            return (
              <>
                <HeatMap {...{ title, grid, rows, levels, stepMs, width, marks, pick }} height={HEIGHT} />
                <Legend {...{ levels, stepMs }} />
              </>
            );
          }}
        </QueryView>
      </div>
    </Card>
  );
}
