import type { Unit } from "#lib/metrics/catalogue.ts";

/** What a column holds; a format writes it as its own kind of cell. */
export type ColumnKind = "text" | "number" | "time" | "share";

export type Column = { key: string; title: string; kind: ColumnKind };

/** A share is 0 to 1; a time is a Date. */
export type Cell = string | number | Date | null;

/** Lines over time (ms since the epoch); null marks a gap. */
export type LineChart = {
  title: string;
  unit: Unit;
  rate: boolean;
  lines: { name: string; points: [number, number | null][] }[];
};

/** A small table that a workbook has beside its main one. */
export type Sheet = { name: string; columns: string[]; rows: Cell[][] };

/** Rows that are read, some at a time, as they are written out: nobody holds them all. */
export type Table = {
  name: string;
  columns: Column[];
  rows: AsyncIterable<Cell[][]>;
  /** What a workbook adds: a sheet of charts, and others. */
  attachments?: () => Promise<{ charts: LineChart[]; sheets: Sheet[] }>;
};
