"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { countAxisTicks } from "#components/charts/axis-ticks.ts";
import { PLOT_MARGIN } from "#components/charts/plot/plot-frame.ts";
import { TableButton } from "#components/charts/table/table-button.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { TimeFormat } from "#lib/format/date-time.ts";

/** Days begin at 0:00 UTC. */
type Props = { title: string; name: string; days: { at: number; count: number }[] };

const HEIGHT = 120;
const LOOK = { tick: { fontSize: 11, fill: "var(--muted)" }, tickLine: false };

/** A bar for each day, by its name. */
export function DayBars({ title, name, days }: Props) {
  const time = new TimeFormat({ ...useTimeFormat().style, zone: "UTC" });
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const ticks = countAxisTicks(days.map(({ count }) => count));
  const rows = days.map(({ at, count }) => ({ day: time.weekday(at), [name]: count }));
  const rowsOfTable = () => ({
    ...{ head: "Day (UTC)", columns: [name] },
    rows: days.map(({ at, count }) => ({ head: time.weekday(at), figures: [String(count)] })),
  });
  return (
    <figure className="relative" aria-label={`${title}: ${total} in all`} style={{ minHeight: HEIGHT }}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={rows} margin={{ ...PLOT_MARGIN, bottom: 0, left: 0 }} barCategoryGap="20%">
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...LOOK}
            dataKey="day"
            minTickGap={24}
            axisLine={{ stroke: "var(--line)" }}
            height={PLOT_MARGIN.bottom}
          />
          <YAxis
            {...LOOK}
            ticks={ticks.map(({ at }) => at)}
            tickFormatter={(value: number) => ticks.find(({ at }) => at === value)?.text ?? ""}
            domain={[0, ticks.at(-1)?.at ?? 1]}
            axisLine={false}
            width={PLOT_MARGIN.left}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--raised)" }}
            separator=": "
            labelFormatter={(day) => `${day} (UTC)`}
            contentStyle={{
              background: "var(--surface)",
              borderColor: "var(--line)",
              borderRadius: "0.375rem",
              fontSize: "0.75rem",
            }}
            labelStyle={{ color: "var(--muted)" }}
            itemStyle={{ color: "var(--ink)" }}
          />
          <Bar dataKey={name} fill="var(--series-6)" isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
      <TableButton title={title} rows={rowsOfTable} />
    </figure>
  );
}
