"use client";

import { Area, ComposedChart, Line, ReferenceArea, ReferenceLine, ResponsiveContainer, Tooltip } from "recharts";
import { grid, timeAxis, valueAxis } from "#components/charts/chart-frame.tsx";
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

type TipProps = {
  active?: boolean;
  payload?: readonly { payload?: unknown }[];
  names: NonNullable<Props["names"]>;
  unit: Unit;
  rate: boolean;
};

function Tip({ active, payload, names, unit, rate }: TipProps) {
  const time = useTimeFormat();
  const row = payload?.[0]?.payload as BandRow | undefined;
  if (!active || !row) return null;
  const text = (value: number) => formatText(value, unit, rate);
  const span = ([low, high]: [number, number]) => `${text(low)} to ${text(high)}`;
  const lines: [string, string][] = [];
  if (typeof row.value === "number") lines.push(["measured", text(row.value)]);
  if (typeof row.expected === "number") lines.push([names.expected, text(row.expected)]);
  if (row.band) lines.push([names.band, span(row.band)]);
  if (row.wide && names.wide) lines.push([names.wide, span(row.wide)]);
  return (
    <div className="rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-lg">
      <p className="figures mb-1 text-muted">{time.instant(row.at)}</p>
      {lines.map(([name, figure]) => (
        <p key={name} className="flex justify-between gap-4">
          <span className="text-muted">{name}</span>
          <span className="figures">{figure}</span>
        </p>
      ))}
    </div>
  );
}

/** A line with what is expected of it, as a dashed line within a band. */
export function BandChart({ title, rows, unit, rate, height, width, marked, threshold, names = NAMES, most }: Props) {
  const time = useTimeFormat();
  const [from, to] = [rows[0]?.at ?? 0, rows.at(-1)?.at ?? 1];
  const highest = rows.reduce(
    (most, row) => Math.max(most, row.value ?? 0, row.expected ?? 0, row.wide?.[1] ?? row.band?.[1] ?? 0),
    threshold ?? 0,
  );
  const lowest = rows.reduce((least, row) => Math.min(least, row.value ?? 0, row.wide?.[0] ?? row.band?.[0] ?? 0), 0);
  const ticks = valueTicks(Math.max(lowest, -(most ?? -lowest)), Math.min(highest, most ?? highest), unit);
  const line = { type: "linear", dot: false, isAnimationActive: false, connectNulls: false } as const;
  const area = { type: "linear", stroke: "none", isAnimationActive: false, connectNulls: false } as const;
  return (
    <figure aria-label={title}>
      <ResponsiveContainer width="100%" height={height}>
        <ComposedChart data={rows} syncId="time" syncMethod="value" margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
          {grid}
          {timeAxis(from, to, width, time)}
          {valueAxis(ticks, unit, rate)}
          {marked?.map((range) => (
            <ReferenceArea
              key={range.from}
              x1={range.from}
              x2={range.to}
              fill="var(--bad)"
              fillOpacity={0.1}
              ifOverflow="hidden"
            />
          ))}
          {typeof threshold === "number" && <ReferenceLine y={threshold} stroke="var(--bad)" strokeDasharray="4 3" />}
          <Tooltip isAnimationActive={false} content={<Tip names={names} unit={unit} rate={rate} />} />
          <Area dataKey="wide" fill="var(--series-1)" fillOpacity={0.1} {...area} />
          <Area dataKey="band" fill="var(--series-1)" fillOpacity={0.18} {...area} />
          <Line dataKey="expected" stroke="var(--series-8)" strokeDasharray="4 3" strokeWidth={1.25} {...line} />
          <Line dataKey="value" stroke="var(--series-1)" strokeWidth={1.5} {...line} />
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  );
}
