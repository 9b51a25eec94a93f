import type { SheetChart, WriteSheet } from "hucre/xlsx";
import { unitName } from "#lib/format/value.ts";
import type { Cell, LineChart } from "#lib/tables/table.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** Days from Excel's first one (1899-12-30, as it counts) to 1970. */
const EPOCH_DAYS = 25_569;

/** An instant (ms) as Excel counts: in days. */
export const excelDay = (at: number): number => at / DAY_MS + EPOCH_DAYS;

/** A, B … Z, AA … of a column counted from 0. */
export function letters(column: number): string {
  return (column >= 26 ? letters(Math.floor(column / 26) - 1) : "") + String.fromCharCode(65 + (column % 26));
}

const DATA = "Chart data";
/** A chart's place on its sheet. */
const [ROWS, COLUMNS] = [22, 14];

type Drawn = { chart: LineChart; times: number[] };

/** A chart's figures as columns: its times, then each of its lines. */
function columnsOf({ chart, times }: Drawn): Cell[][] {
  const lines = chart.lines.map(({ name, points }) => {
    const values = new Map(points);
    return [name, ...times.map((at) => values.get(at) ?? null)];
  });
  return [[chart.title, ...times.map((at) => new Date(at))], ...lines];
}

/** The chart of columns that begin at `column` of the data sheet, as the nth of its sheet. */
function placed({ chart, times }: Drawn, column: number, n: number): SheetChart {
  const { title, unit, rate, lines } = chart;
  const named = unitName(unit, rate);
  const range = (column: number) => `'${DATA}'!$${letters(column)}$2:$${letters(column)}$${times.length + 1}`;
  const row = 1 + n * (ROWS + 1);
  const span = times.length > 1 ? { min: excelDay(times[0] as number), max: excelDay(times.at(-1) as number) } : {};
  return {
    type: "scatter",
    title: `${title} (${named})`,
    scatterStyle: "line",
    dispBlanksAs: "gap",
    series: lines.map(({ name }, i) => ({
      name,
      categories: range(column),
      values: range(column + 1 + i),
      marker: { symbol: "none" },
      smooth: false,
    })),
    axes: {
      x: { numberFormat: { formatCode: "d mmm hh:mm" }, scale: span },
      y: { title: named, numberFormat: { formatCode: "General" } },
    },
    legend: "bottom",
    anchor: { from: { row, col: 0 }, to: { row: row + ROWS, col: COLUMNS } },
  };
}

/** A sheet of charts, and one of the figures that they draw; none where there is nothing to draw. */
export function chartSheets(charts: LineChart[]): WriteSheet[] {
  const drawn = charts
    .map((chart) => ({ chart, times: [...new Set(chart.lines.flatMap(({ points }) => points.map(([at]) => at)))] }))
    .filter(({ times }) => times.length > 0);
  if (drawn.length === 0) return [];
  const columns: Cell[][] = [];
  const places = drawn.map((entry, n) => {
    entry.times.sort((a, b) => a - b);
    const column = columns.length;
    columns.push(...columnsOf(entry), []);
    return placed(entry, column, n);
  });
  const height = Math.max(...columns.map(({ length }) => length));
  const rows = Array.from({ length: height }, (_, n) => columns.map((column) => column[n] ?? null));
  return [
    { name: "Charts", rows: [["Times in UTC"]], charts: places },
    { name: DATA, rows, freezePane: { rows: 1 }, columns: columns.map(() => ({ width: 18 })) },
  ];
}
