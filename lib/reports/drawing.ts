import type { TimeFormat } from "#lib/format/date-time.ts";
import { tickText, timeTicks } from "#lib/format/time-axis.ts";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import type { ReportChart } from "#lib/reports/section.ts";

export const [WIDTH, HEIGHT, LEFT] = [720, 190, 64];
const [BOTTOM, TOP] = [20, 6];

/** A chart in the coordinates of its picture: lines straight between points, broken at gaps. */
export type Drawing = {
  values: { y: number; text: string }[];
  times: { x: number; text: string }[];
  lines: { name: string; path: string }[];
};

/** The period (ms) that a chart covers. */
export type Span = { from: number; to: number };

/** A chart as lines and ticks in pixels of a fixed frame, for the picture in a mail and the page of a report. */
export function drawChart({ unit, rate, lines }: ReportChart, { from, to }: Span, time: TimeFormat): Drawing {
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  const ticks = valueTicks(Math.min(0, ...values), Math.max(0, ...values), unit);
  const [bottom, top] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - 4);
  const y = (value: number) => TOP + (1 - (value - bottom) / (top - bottom)) * (HEIGHT - TOP - BOTTOM);
  const path = (points: [number, number | null][]) => {
    let pen = false;
    return points
      .flatMap(([at, value]) => {
        const move = pen ? "L" : "M";
        pen = value !== null && at >= from;
        return value === null || at < from ? [] : [`${move}${x(at).toFixed(1)} ${y(value).toFixed(1)}`];
      })
      .join("");
  };
  return {
    values: ticks.map((tick) => ({ y: y(tick), text: formatText(tick, unit, rate) })),
    times: timeTicks(from, to, 8, time.style.zone).map((tick) => ({
      x: x(tick),
      text: tickText(tick, to - from, time),
    })),
    lines: lines.map(({ name, points }) => ({ name, path: path(points) })),
  };
}
