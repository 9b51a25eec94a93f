"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type Tick, timeAxisTicks, valueAxisTicks } from "#components/charts/axis-ticks.ts";
import { innerWidth, PLOT_MARGIN } from "#components/charts/plot/plot-frame.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { valueTicks } from "#lib/format/value-axis.ts";

type CountStep = { at: number; info: number; warning: number; critical: number };

const KINDS = [
  { key: "info", title: "info", fill: "var(--series-8)" },
  { key: "warning", title: "warning", fill: "var(--series-6)" },
  { key: "critical", title: "critical", fill: "var(--bad)" },
] as const;

function Tip({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const time = useTimeFormat();
  const step = payload?.[0]?.payload as (CountStep & { start: number }) | undefined;
  if (!active || !step) return null;
  return (
    <div className="figures rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-lg">
      <p className="mb-1 text-muted">from {time.instant(step.start)}</p>
      {KINDS.map(({ key, title }) => (
        <p key={key} className="flex justify-between gap-4">
          <span className="text-muted">{title}</span>
          {step[key]}
        </p>
      ))}
    </div>
  );
}

const LOOK = { tick: { fontSize: 11, fill: "var(--muted)" }, tickLine: false };

/** An axis' ticks and texts, as recharts takes them. */
const axisOf = (ticks: Tick[]) => ({
  ticks: ticks.map(({ at }) => at),
  tickFormatter: (value: number) => ticks.find(({ at }) => at === value)?.text ?? "",
});

type Props = { title: string; steps: CountStep[]; stepMs: number; height?: number };

/** How many began in each step, by severity. */
export function CountBars({ title, steps, stepMs, height = 120 }: Props) {
  const time = useTimeFormat();
  const { ref, width } = useWidth<HTMLDivElement>();
  const total = steps.reduce((sum, { info, warning, critical }) => sum + info + warning + critical, 0);
  const most = Math.max(4, ...steps.map(({ info, warning, critical }) => info + warning + critical));
  const [from, to] = [steps[0]?.at ?? 0, (steps.at(-1)?.at ?? 0) + stepMs];
  const values = valueAxisTicks(valueTicks(0, most, "count", 3), "count", false);
  const rows = steps.map((step) => ({ ...step, start: step.at, at: step.at + stepMs / 2 }));
  return (
    <figure ref={ref} aria-label={`${title}: ${total} in all`} style={{ minHeight: height }}>
      {width > 0 && (
        <ResponsiveContainer width="100%" height={height}>
          <BarChart data={rows} margin={{ ...PLOT_MARGIN, bottom: 0, left: 0 }} barCategoryGap="20%">
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              {...LOOK}
              {...axisOf(timeAxisTicks(from, to, innerWidth(width), time))}
              dataKey="at"
              type="number"
              scale="time"
              domain={[from, to]}
              axisLine={{ stroke: "var(--line)" }}
              height={PLOT_MARGIN.bottom}
            />
            <YAxis
              {...LOOK}
              {...axisOf(values)}
              domain={[0, values.at(-1)?.at ?? 1]}
              axisLine={false}
              width={PLOT_MARGIN.left}
            />
            <Tooltip isAnimationActive={false} cursor={{ fill: "var(--raised)" }} content={<Tip />} />
            {KINDS.map(({ key, fill }) => (
              <Bar key={key} dataKey={key} stackId="all" fill={fill} isAnimationActive={false} />
            ))}
          </BarChart>
        </ResponsiveContainer>
      )}
    </figure>
  );
}
