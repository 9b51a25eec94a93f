/** What a column holds; a format writes it as its own kind of cell. */
export type ColumnKind = "text" | "number" | "time" | "share";

type Column = { key: string; title: string; kind: ColumnKind };

/** A share is 0 to 1; a time is a Date. */
export type Cell = string | number | Date | null;

/** Rows that are read as they are written out: nobody holds them all. */
export type Table = { name: string; columns: Column[]; rows: AsyncIterable<Cell[]> };

export const FORMATS = ["json", "ndjson", "csv", "xlsx"] as const;
export type Format = (typeof FORMATS)[number];
