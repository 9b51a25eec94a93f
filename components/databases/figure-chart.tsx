"use client";

import { useMemo } from "react";
import { timeAxisTicks, valueAxisTicks } from "#components/charts/axis-ticks.ts";
import { lineLook } from "#components/charts/palette.ts";
import { Plot } from "#components/charts/plot/plot.tsx";
import { innerWidth } from "#components/charts/plot/plot-frame.ts";
import type { PlotBand, PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { stacked } from "#components/charts/stacked.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { usePageTime } from "#components/time/page-time.tsx";
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
  series: FigureSeries[];
  height?: number;
};

const MOST_TITLE = 60;
const short = (title: string) => (title.length > MOST_TITLE ? `${title.slice(0, MOST_TITLE)}…` : title);
const OPACITY = 0.35;

/** From each line down to the one below it. */
const bandsOf = (series: FigureSeries[]): PlotBand[] =>
  series.map((_, n) => ({
    ...{ upper: n, fill: lineLook(n).stroke, opacity: OPACITY },
    ...(n > 0 && { lower: n - 1 }),
  }));

/** Values over time, those of several kinds on top of one another. */
export function FigureChart({ title, unit, times, stepS, series, height = 160 }: Props) {
  const time = useTimeFormat();
  const { instants } = usePageTime();
  const { ref, width } = useWidth<HTMLDivElement>();
  const columns = useMemo(
    () =>
      stacked(
        series.map(({ values }) => values),
        times.length,
      ),
    [series, times],
  );
  const highest = Math.max(0, ...(columns.at(-1) ?? []));
  const spec = useMemo((): PlotSpec => {
    const shown = instants();
    const from = Math.min(times[0] ?? shown.from, shown.from);
    const to = Math.max((times.at(-1) ?? 0) + stepS * SECOND_MS, shown.to);
    return {
      ...{ at: times, columns, from, to, bands: bandsOf(series) },
      lines: series.map((_, n) => ({ stroke: lineLook(n).stroke, strokeWidth: 1 })),
      times: timeAxisTicks(from, to, innerWidth(width), time),
      values: valueAxisTicks(valueTicks(0, Math.max(unit === "count" ? 1 : 0, highest), unit, 4), unit, false),
    };
  }, [times, columns, series, stepS, instants, highest, unit, width, time]);
  const tip = (index: number) => ({
    head: `from ${time.instant(times[index] ?? 0)}`,
    lines: series
      .map(({ key, title: name, values }, n) => ({
        ...{ id: key, name: short(name) },
        value: values[index] ?? 0,
        colour: lineLook(n).stroke,
      }))
      .filter(({ value }) => value > 0)
      .map(({ value, ...line }) => ({ ...line, figure: formatText(value, unit) })),
  });
  return (
    <figure ref={ref} aria-label={`${title}: highest ${formatText(highest, unit)}`} style={{ minHeight: height }}>
      <figcaption className="mb-1 text-muted text-xs">{title}</figcaption>
      {times.length === 0 ? (
        <p className="py-8 text-center text-muted text-xs">No samples in this range</p>
      ) : (
        <Plot {...{ title, spec, width, height, tip }} />
      )}
    </figure>
  );
}
