import type { Unit } from "#lib/metrics/catalogue.ts";
import type { LineChart } from "#lib/tables/table.ts";

/** A figure with that of the period before, where there is one. */
export type ReportFigure = { label: string; value: number; unit: Unit; rate: boolean; before: number | null };

/** At most as many points as a printed page is wide. */
export type ReportChart = LineChart;

export type ReportTable = { columns: string[]; rows: (string | number | null)[][] };

/** A part of a report: words first, then what they rest on. */
export type ReportSection = {
  title: string;
  words: string[];
  figures: ReportFigure[];
  charts: ReportChart[];
  table: ReportTable | null;
};

/** A section with nothing in it but what is given. */
export const section = (title: string, more: Partial<ReportSection> = {}): ReportSection => ({
  title,
  words: [],
  figures: [],
  charts: [],
  table: null,
  ...more,
});
