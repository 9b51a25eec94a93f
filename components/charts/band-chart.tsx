"use client";

import { useMemo } from "react";
import { timeAxisTicks, valueAxisTicks } from "#components/charts/axis-ticks.ts";
import type { Column } from "#components/charts/columns.ts";
import { Plot } from "#components/charts/plot/plot.tsx";
import { innerWidth } from "#components/charts/plot/plot-frame.ts";
import type { PlotBand, PlotLine, PlotSpec } from "#components/charts/plot/plot-spec.ts";
import type { TipText } from "#components/charts/tip-text.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

/** A row of the chart: what was measured, what was or is expected, and within which bounds. */
export type BandRow = {
  at: number;
  value?: number | null;
  expected?: number | null;
  band?: [number, number] | null;
  wide?: [number, number] | null;
};

type Props = {
  title: string;
  rows: BandRow[];
  unit: Unit;
  rate: boolean;
  height: number;
  width: number;
  /** Ranges to mark, ms. */
  marked?: { from: number; to: number }[] | undefined;
  threshold?: number | null | undefined;
  names?: { expected: string; band: string; wide?: string };
  /** How far up and down the axis goes at most: what is wider leaves the chart. */
  most?: number | undefined;
};

const NAMES = { expected: "expected", band: "normal range" };
const FILLS = { wide: 0.1, band: 0.18 };
const LINES: Record<"expected" | "value", PlotLine> = {
  expected: { stroke: "var(--series-8)", strokeDasharray: "4 3", strokeWidth: 1.25 },
  value: { stroke: "var(--series-1)" },
};

/** Columns, lines and bands for what the rows have. */
function drawnOf(rows: BandRow[]): Pick<PlotSpec, "at" | "columns" | "lines" | "bands"> {
  const columns: Column[] = [];
  const lines: PlotLine[] = [];
  const bands: PlotBand[] = [];
  const has = (key: keyof BandRow) => rows.some((row) => row[key] !== undefined && row[key] !== null);
  for (const key of ["wide", "band"] as const) {
    if (!has(key)) continue;
    bands.push({ upper: lines.length, lower: lines.length + 1, fill: "var(--series-1)", opacity: FILLS[key] });
    lines.push({}, {});
    for (const end of [1, 0])
      columns.push(rows.map((row) => (row[key] ? row[key][end] : (row[key] as null | undefined))));
  }
  for (const key of ["expected", "value"] as const) {
    if (!has(key)) continue;
    lines.push(LINES[key]);
    columns.push(rows.map((row) => row[key]));
  }
  return { at: rows.map(({ at }) => at), columns, lines, bands };
}

function ticksOf({ rows, threshold, most, unit }: Pick<Props, "rows" | "threshold" | "most" | "unit">): number[] {
  const highest = rows.reduce(
    (high, row) => Math.max(high, row.value ?? 0, row.expected ?? 0, row.wide?.[1] ?? row.band?.[1] ?? 0),
    threshold ?? 0,
  );
  const lowest = rows.reduce((low, row) => Math.min(low, row.value ?? 0, row.wide?.[0] ?? row.band?.[0] ?? 0), 0);
  return valueTicks(Math.max(lowest, -(most ?? -lowest)), Math.min(highest, most ?? highest), unit);
}

type TipProps = { names: NonNullable<Props["names"]>; unit: Unit; rate: boolean };

/** What a row has, by its names. */
function tipLines({ value, expected, band, wide }: BandRow, { names, unit, rate }: TipProps): TipText["lines"] {
  const text = (figure: number) => formatText(figure, unit, rate);
  const span = ([low, high]: [number, number]) => `${text(low)} to ${text(high)}`;
  return [
    ...(typeof value === "number" ? [{ name: "measured", figure: text(value) }] : []),
    ...(typeof expected === "number" ? [{ name: names.expected, figure: text(expected) }] : []),
    ...(band ? [{ name: names.band, figure: span(band) }] : []),
    ...(wide && names.wide ? [{ name: names.wide, figure: span(wide) }] : []),
  ];
}

/** A line with what is expected of it, as a dashed line within a band. */
export function BandChart(props: Props) {
  const { title, rows, unit, rate, height, width, marked, threshold, names = NAMES, most } = props;
  const time = useTimeFormat();
  const drawn = useMemo(() => drawnOf(rows), [rows]);
  const spec = useMemo((): PlotSpec => {
    const [from, to] = [rows[0]?.at ?? 0, rows.at(-1)?.at ?? 1];
    return {
      ...{ ...drawn, from, to, marked, threshold },
      times: rows.length > 0 ? timeAxisTicks(from, to, innerWidth(width), time) : [],
      values: valueAxisTicks(ticksOf({ rows, threshold, most, unit }), unit, rate),
    };
  }, [drawn, rows, marked, threshold, most, unit, rate, width, time]);
  const tip = (index: number) => {
    const row = rows[index];
    return { head: time.instant(row?.at ?? 0), lines: row ? tipLines(row, { names, unit, rate }) : [] };
  };
  return (
    <figure aria-label={title}>
      <Plot {...{ title, spec, width, height, tip }} />
    </figure>
  );
}
