"use client";

import { useMemo } from "react";
import { countAxisTicks, timeAxisTicks } from "#components/charts/axis-ticks.ts";
import { Plot } from "#components/charts/plot/plot.tsx";
import { innerWidth } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { stacked } from "#components/charts/stacked.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

type CountStep = { at: number; info: number; warning: number; critical: number };

const KINDS = [
  { key: "info", fill: "var(--series-8)" },
  { key: "warning", fill: "var(--series-6)" },
  { key: "critical", fill: "var(--bad)" },
] as const;

type Props = { title: string; steps: CountStep[]; stepMs: number; height?: number };

/** How many began in each step, by severity. */
export function CountBars({ title, steps, stepMs, height = 120 }: Props) {
  const time = useTimeFormat();
  const { ref, width } = useWidth<HTMLDivElement>();
  const columns = useMemo(
    () =>
      stacked(
        KINDS.map(({ key }) => steps.map((step) => step[key])),
        steps.length,
      ),
    [steps],
  );
  const totals = columns.at(-1) ?? [];
  const spec = useMemo((): PlotSpec => {
    const [from, to] = [steps[0]?.at ?? 0, (steps.at(-1)?.at ?? 0) + stepMs];
    return {
      ...{ at: steps.map(({ at }) => at + stepMs / 2), columns: [], lines: [], from, to },
      bars: { stepMs, layers: KINDS.map(({ fill }, n) => ({ fill, tops: columns[n] ?? [] })) },
      times: timeAxisTicks(from, to, innerWidth(width), time),
      values: countAxisTicks(columns.at(-1) ?? []),
    };
  }, [steps, columns, stepMs, width, time]);
  const tip = (index: number) => {
    const step = steps[index];
    return {
      head: `from ${time.instant(step?.at ?? 0)}`,
      lines: KINDS.map(({ key, fill }) => ({ name: key, colour: fill, figure: formatText(step?.[key], "count") })),
    };
  };
  return (
    <figure
      ref={ref}
      aria-label={`${title}: ${totals.reduce((sum, total) => sum + total, 0)} in all`}
      style={{ minHeight: height }}
    >
      {width > 0 && <Plot {...{ title, spec, width, height, tip }} />}
    </figure>
  );
}
