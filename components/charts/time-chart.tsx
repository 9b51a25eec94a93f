"use client";

import { useMemo, useState } from "react";
import { timeAxisTicks, valueAxisTicks } from "#components/charts/axis-ticks.ts";
import { toColumns } from "#components/charts/columns.ts";
import { type ComparedLines, differenceText } from "#components/charts/compared.ts";
import { Legend } from "#components/charts/legend.tsx";
import { lineNames } from "#components/charts/line-names.ts";
import { lineLook } from "#components/charts/palette.ts";
import type { PickInstant } from "#components/charts/pick-instant.ts";
import { Plot } from "#components/charts/plot/plot.tsx";
import { innerWidth } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { isWithin, type PageMark } from "#components/marks/page-mark.ts";
import { usePageMarks } from "#components/marks/page-marks.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import type { TimeFormat } from "#lib/format/date-time.ts";
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
  compared?: ComparedLines | undefined;
};

type Line = { id: number; name: string; value: number | null; look: ReturnType<typeof lineLook> };

const NO_MARKS: TimeMark[] = [];

/** The lines of a chart with their newest values; the look of each is its own, whatever others are hidden. */
function linesOf({ series }: RangeResult): Line[] {
  const names = lineNames(series);
  return series.map(({ id, points }, n) => ({
    id,
    name: names.get(id) ?? "",
    value: points.at(-1)?.[1] ?? null,
    look: lineLook(n),
  }));
}

/** The ticks up the side, for all lines that are drawn. */
function ticksOf({ columns }: Pick<PlotSpec, "columns">, unit: Unit): number[] {
  let [lowest, highest] = [0, 0];
  for (const column of columns)
    for (const value of column) {
      lowest = Math.min(lowest, value ?? 0);
      highest = Math.max(highest, value ?? 0);
    }
  return valueTicks(lowest, highest, unit);
}

/** Which lines are switched off, and a switch for each. */
function useHidden() {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number) =>
    setHidden((before) =>
      before.has(id) ? new Set([...before].filter((hidden) => hidden !== id)) : new Set([...before, id]),
    );
  return { hidden, toggle };
}

/** The switch of all that a chart is compared with, among those of its lines. */
const COMPARED = -1;
const GHOST_LOOK = { strokeDasharray: "2 3", strokeWidth: 1, opacity: 0.6 };
const COMPARED_LOOK = { stroke: "var(--muted)", strokeDasharray: "2 3" };

/** What the lines that are shown are compared with, in their order and within the chart. */
function ghostsOf(shown: Line[], compared: ComparedLines | undefined, { from, to }: RangeResult) {
  const points = new Map(compared?.lines.map((line) => [line.id, line.points]));
  return shown.map(({ id }) => ({ points: points.get(id)?.filter(([at]) => at >= from && at < to) ?? [] }));
}

/** What happened in the range of a chart. */
function useEvents({ from, to }: RangeResult): PageMark[] {
  const marks = usePageMarks();
  return useMemo(() => marks.filter((mark) => isWithin(mark, { from, to })), [marks, from, to]);
}

/** So near, in pixels, an instant is that somebody points at, and so much is said of what happened there. */
const NEAR = 4;
const MOST_NOTES = 3;

/** What happened where the crosshair is. */
function notesOf({ at, from, to, events = [] }: PlotSpec, index: number, width: number, time: TimeFormat): string[] {
  const [instant, near] = [at[index] ?? 0, (NEAR * (to - from)) / innerWidth(width)];
  const then = events.filter((mark) => isWithin(mark, { from: instant - near, to: instant + near }));
  const notes = then.slice(-MOST_NOTES).map(({ kind, text }) => `${kind}: ${time.inText(text)}`);
  return then.length > MOST_NOTES ? [...notes, `and ${then.length - MOST_NOTES} more`] : notes;
}

/** Lines over time in the reader's zone. Straight between samples, broken at gaps; charts of a page share a crosshair. */
export function TimeChart({ title, range, unit, rate, height, width, pick, marks = NO_MARKS, compared }: Props) {
  const time = useTimeFormat();
  const { hidden, toggle } = useHidden();
  const lines = useMemo(() => linesOf(range), [range]);
  const shown = useMemo(() => lines.filter(({ id }) => !hidden.has(id)), [lines, hidden]);
  const events = useEvents(range);
  const ghost = hidden.has(COMPARED) ? undefined : compared;
  const spec = useMemo((): PlotSpec => {
    const { from, to } = range;
    const ghosts = ghost ? ghostsOf(shown, ghost, range) : [];
    const data = toColumns([...range.series.filter(({ id }) => !hidden.has(id)), ...ghosts]);
    return {
      ...{ ...data, from, to, marks, events },
      lines: [...shown.map(({ look }) => look), ...ghosts.map((_, n) => ({ ...shown[n]?.look, ...GHOST_LOOK }))],
      times: timeAxisTicks(from, to, innerWidth(width), time),
      values: valueAxisTicks(ticksOf(data, unit), unit, rate),
    };
  }, [range, hidden, shown, ghost, marks, events, unit, rate, width, time]);
  const newest = Math.max(0, ...range.series.map(({ points }) => points.at(-1)?.[0] ?? 0));

  const tip = (index: number) => ({
    head: time.instant(spec.at[index] ?? 0),
    lines: shown.flatMap(({ name, look }, n) => {
      const value = spec.columns[n]?.[index];
      const line = { name, colour: look.stroke, figure: formatText(value, unit, rate) };
      if (!ghost) return [line];
      const was = spec.columns[shown.length + n]?.[index];
      const difference = differenceText(value, was, { unit, rate });
      const figure = `${formatText(was, unit, rate)}${difference && ` (${difference})`}`;
      return [line, { name: `${name}, ${ghost.name}`, figure }];
    }),
  });
  const legend = compared ? [...lines, { id: COMPARED, name: compared.name, look: COMPARED_LOOK }] : lines;
  return (
    <figure
      aria-label={`${title}: ${lines.map(({ name, value }) => `${name} ${formatText(value, unit, rate)}`).join(", ")}`}
      data-newest={newest}
    >
      <Plot {...{ title, spec, width, height, tip, pick }} notes={(index) => notesOf(spec, index, width, time)} />
      <Legend lines={legend} unit={unit} rate={rate} hidden={hidden} onToggle={toggle} />
    </figure>
  );
}
