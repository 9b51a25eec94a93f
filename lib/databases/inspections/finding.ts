import type { z } from "zod";
import type { finding } from "#lib/contract/database-rows.ts";
import type { Severity } from "#lib/contract/enums.ts";
import type { Snapshots } from "#lib/databases/store/snapshots.ts";
import type { StatementDelta } from "#lib/databases/store/statement-deltas.ts";

/** What is the matter with a server: how bad, by which figures, why that matters, and what to run. */
export type Finding = z.output<typeof finding>;

/** A statement of the past hour with its text. */
export type SeenStatement = StatementDelta & { text: string };

/** What inspections look at: what was last read, what was read a day before, and the statements of the past hour; `now` in ms. */
export type Inspected = {
  name: string;
  now: number;
  snapshots: Snapshots;
  dayAgo: Snapshots;
  statements: SeenStatement[];
};

/** Looks at one thing: answers nothing where it was not read, or is well. Reads nothing itself. */
export type Inspection = (inspected: Inspected) => Finding[];

/** So much evidence is shown. */
const MOST_ROWS = 20;

type Cell = string | number | null;
/** A column's title, and the unit of its figures where they have one: bytes, count, seconds, ms, percent, or instant for ms since the epoch. */
export type Column<T> = { title: string; unit?: string; cell: (row: T) => Cell };

/** Makes a finding of the rows that prove it. */
export function found<T>(
  head: { key: string; severity: Severity; title: string; why: string; remedy: string; sql?: string | null },
  rows: T[],
  columns: Column<T>[],
): Finding {
  return {
    ...head,
    sql: head.sql ?? null,
    columns: columns.map(({ title, unit }) => ({ title, unit: unit ?? null })),
    rows: rows.slice(0, MOST_ROWS).map((row) => columns.map(({ cell }) => cell(row))),
  };
}

/** The commands for some rows, a line each; the others are counted. */
export function commands<T>(rows: T[], command: (row: T) => string): string {
  const lines = rows.slice(0, MOST_ROWS).map(command);
  if (rows.length > MOST_ROWS) lines.push(`-- and ${rows.length - MOST_ROWS} more`);
  return lines.join("\n");
}

/** How much a total grew since it was read before: all of it where it fell, since it began anew. */
export const grown = (now: number, before: number | undefined): number =>
  before === undefined ? 0 : now >= before ? now - before : now;
