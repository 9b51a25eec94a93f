"use client";

import { Area, AreaChart, ResponsiveContainer, Tooltip } from "recharts";
import { grid, timeAxis, valueAxis } from "#components/charts/chart-frame.tsx";
import { lineLook } from "#components/charts/palette.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** Values of some kind, one for each instant of the chart. */
type FigureSeries = { key: string; title: string; values: number[] };

type Props = {
  title: string;
  unit: string;
  times: number[];
  stepS: number;
  spanMs: number;
  series: FigureSeries[];
  height?: number;
};

type TipProps = { active?: boolean; label?: unknown; series: FigureSeries[]; times: number[]; unit: string };

const MOST_TITLE = 60;
const short = (title: string) => (title.length > MOST_TITLE ? `${title.slice(0, MOST_TITLE)}…` : title);

function Tip({ active, label, series, times, unit }: TipProps) {
  const time = useTimeFormat();
  const index = times.indexOf(Number(label));
  if (!active || index < 0) return null;
  const shown = series.filter(({ values }) => (values[index] ?? 0) > 0);
  return (
    <div className="figures max-w-80 rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-lg">
      <p className="mb-1 text-muted">from {time.instant(Number(label))}</p>
      {shown.map(({ key, title, values }) => (
        <p key={key} className="flex justify-between gap-4">
          <span className="truncate text-muted">{short(title)}</span>
          {formatText(values[index], unit)}
        </p>
      ))}
    </div>
  );
}

/** Values over time, those of several kinds on top of one another. */
export function FigureChart({ title, unit, times, stepS, spanMs, series, height = 160 }: Props) {
  const time = useTimeFormat();
  const { ref, width } = useWidth<HTMLDivElement>();
  const rows = times.map((at, n) => ({
    at,
    ...Object.fromEntries(series.map(({ values }, s) => [`s${s}`, values[n] ?? 0])),
  }));
  const sums = times.map((_, n) => series.reduce((sum, { values }) => sum + (values[n] ?? 0), 0));
  const to = (times.at(-1) ?? 0) + stepS * SECOND_MS;
  const from = Math.min(times[0] ?? to, to - spanMs);
  const ticks = valueTicks(0, Math.max(unit === "count" ? 1 : 0, ...sums), unit, 4);
  return (
    <figure
      ref={ref}
      aria-label={`${title}: highest ${formatText(Math.max(0, ...sums), unit)}`}
      style={{ minHeight: height }}
    >
      <figcaption className="mb-1 text-muted text-xs">{title}</figcaption>
      {times.length === 0 && <p className="py-8 text-center text-muted text-xs">No samples in this span</p>}
      {width > 0 && times.length > 0 && (
        <ResponsiveContainer width="100%" height={height}>
          <AreaChart data={rows} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
            {grid}
            {timeAxis(from, to, width, time)}
            {valueAxis(ticks, unit, false)}
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--muted)" }}
              content={<Tip {...{ series, times, unit }} />}
            />
            {series.map(({ key }, n) => {
              const { stroke } = lineLook(n);
              return (
                <Area
                  key={key}
                  dataKey={`s${n}`}
                  stackId="all"
                  type="linear"
                  stroke={stroke}
                  fill={stroke}
                  fillOpacity={0.35}
                  strokeWidth={1}
                  isAnimationActive={false}
                />
              );
            })}
          </AreaChart>
        </ResponsiveContainer>
      )}
    </figure>
  );
}
