import { CartesianGrid, ReferenceLine, XAxis, YAxis } from "recharts";
import type { TimeMark } from "#components/charts/time-mark.ts";
import type { TimeFormat } from "#lib/format/date-time.ts";
import { tickText, timeTicks } from "#lib/format/time-axis.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

const AXIS = { fontSize: 11, fill: "var(--muted)" };
const PIXELS_A_TICK = 84;
const AXIS_WIDTH = 68;

/** The grid that all charts over time share. */
export const grid = <CartesianGrid stroke="var(--line)" vertical={false} />;

/** Time along the bottom, in the reader's zone. */
export function timeAxis(from: number, to: number, width: number, time: TimeFormat) {
  const most = Math.max(2, Math.floor((width - AXIS_WIDTH) / PIXELS_A_TICK));
  const ticks = timeTicks(from, to, most, time.style.zone);
  return (
    <XAxis
      dataKey="at"
      type="number"
      scale="time"
      domain={[from, to]}
      allowDataOverflow
      ticks={ticks}
      tickFormatter={(at: number) => tickText(at, to - from, time)}
      tick={AXIS}
      tickLine={false}
      axisLine={{ stroke: "var(--line)" }}
      height={22}
    />
  );
}

/** Values up the side, with their unit. */
export function valueAxis(ticks: number[], unit: Unit, rate: boolean) {
  return (
    <YAxis
      domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
      allowDataOverflow
      ticks={ticks}
      tickFormatter={(value: number) => formatText(value, unit, rate).replace(" ", "\u00a0")}
      tick={AXIS}
      tickLine={false}
      axisLine={false}
      width={AXIS_WIDTH}
    />
  );
}

const LONGEST_MARK = 12;
/** Beyond that share of the axis there is no room to the right of a line. */
const LATE = 0.8;

/** Upright lines where something happened, with what it was beside them. */
export const timeMarks = (marks: TimeMark[], from: number, to: number) =>
  marks.map(({ at, text }) => (
    <ReferenceLine
      key={`${at} ${text}`}
      x={at}
      stroke="var(--muted)"
      strokeDasharray="3 3"
      ifOverflow="hidden"
      label={{
        ...{ fontSize: 10, fill: "var(--muted)" },
        position: at - from > LATE * (to - from) ? "insideTopRight" : "insideTopLeft",
        value: markText(text),
      }}
    />
  ));

/** What a mark says, as far as there is room. */
export const markText = (text: string): string =>
  text.length > LONGEST_MARK ? `${text.slice(0, LONGEST_MARK - 1)}…` : text;
