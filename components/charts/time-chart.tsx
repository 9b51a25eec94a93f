"use client";

import { useMemo, useState } from "react";
import { Line, LineChart, ResponsiveContainer, Tooltip } from "recharts";
import { grid, timeAxis, timeMarks, valueAxis } from "#components/charts/chart-frame.tsx";
import { ChartTooltip } from "#components/charts/chart-tooltip.tsx";
import { Legend } from "#components/charts/legend.tsx";
import { lineLook } from "#components/charts/palette.ts";
import { lineNames, toRows } from "#components/charts/rows.ts";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { type PickInstant, usePick } from "#components/charts/use-pick.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

type Props = {
  title: string;
  range: RangeResult;
  unit: Unit;
  rate: boolean;
  height: number;
  width: number;
  pick?: PickInstant | undefined;
  marks?: TimeMark[];
};

const MARGIN = { top: 4, right: 8, bottom: 0, left: 0 };

/** The ticks up the side, for all lines that are not hidden. */
function ticksOf(range: RangeResult, hidden: ReadonlySet<number>, unit: Unit): number[] {
  const shown = range.series
    .filter(({ id }) => !hidden.has(id))
    .flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  return valueTicks(
    shown.reduce((lowest, value) => Math.min(lowest, value), 0),
    shown.reduce((highest, value) => Math.max(highest, value), 0),
    unit,
  );
}

/** Lines over time in the reader's zone. Straight between samples, broken at gaps; charts of a page share a crosshair. */
export function TimeChart({ title, range, unit, rate, height, width, pick, marks = [] }: Props) {
  const picking = usePick(pick);
  const time = useTimeFormat();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => toRows(range.series), [range.series]);
  const names = useMemo(() => lineNames(range.series), [range.series]);
  const lines = range.series.map(({ id, points }) => ({
    id,
    name: names.get(id) ?? "",
    value: points.at(-1)?.[1] ?? null,
  }));
  const ticks = ticksOf(range, hidden, unit);
  const newest = Math.max(0, ...range.series.map(({ points }) => points.at(-1)?.[0] ?? 0));

  const toggle = (id: number) =>
    setHidden((before) =>
      before.has(id) ? new Set([...before].filter((hidden) => hidden !== id)) : new Set([...before, id]),
    );

  return (
    <figure
      aria-label={`${title}: ${lines.map((line) => `${line.name} ${formatText(line.value, unit, rate)}`).join(", ")}`}
      data-newest={newest}
      {...picking.figure}
    >
      <ResponsiveContainer width="100%" height={height}>
        <LineChart {...{ data: rows, syncId: "time", syncMethod: "value", margin: MARGIN }} {...picking.chart}>
          {grid}
          {timeAxis(range.from, range.to, width, time)}
          {valueAxis(ticks, unit, rate)}
          {timeMarks(marks, range.from, range.to)}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--muted)" }}
            content={<ChartTooltip lines={lines} unit={unit} rate={rate} {...picking.tooltip} />}
          />
          {range.series.map(({ id }, n) => (
            <Line
              key={id}
              dataKey={`s${id}`}
              hide={hidden.has(id)}
              type="linear"
              strokeWidth={1.5}
              dot={false}
              activeDot={{ r: 3 }}
              connectNulls={false}
              isAnimationActive={false}
              {...lineLook(n)}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
      <Legend lines={lines} unit={unit} rate={rate} hidden={hidden} onToggle={toggle} />
    </figure>
  );
}
