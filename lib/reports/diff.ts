import type { Connection } from "#lib/db/client.ts";
import { formatText } from "#lib/format/value.ts";
import { type Report, type ReportInfo, readReport } from "#lib/reports/library.ts";
import type { ReportFigure, ReportSection } from "#lib/reports/section.ts";

/** A figure of two reports of one kind; null where one of them has none. */
type FigureChange = Pick<ReportFigure, "label" | "unit" | "rate"> & { was: number | null; is: number | null };

type Cell = string | number | null;
type Row = Cell[];

/** A row of both tables, by its first cell: the cells that differ. */
type RowChange = { name: Cell; cells: { column: string; was: Cell; is: Cell }[] };

export type SectionChange = {
  title: string;
  diffState: "added" | "removed" | "same" | "changed";
  words: { gone: string[]; come: string[] };
  figures: FigureChange[];
  /** Rows of its table that only one of them has, and those that moved. */
  rows: { columns: string[]; gone: Row[]; come: Row[]; changed: RowChange[] };
};

export type ReportDiff = { report: ReportInfo; against: ReportInfo | null; sections: SectionChange[] };

const missing = (from: string[], known: string[]) => from.filter((one) => !known.includes(one));

/** Rows by their first cell, where that names one row alone. */
function named(section: ReportSection | undefined): Map<Cell, Row> | undefined {
  const rows = section?.table?.rows ?? [];
  const byName = new Map(rows.map((row) => [row[0] ?? null, row]));
  return byName.size === rows.length ? byName : undefined;
}

function rowsOf(was: ReportSection | undefined, is: ReportSection | undefined): SectionChange["rows"] {
  const columns = (is?.table ?? was?.table)?.columns ?? [];
  const [before, now] = [named(was), named(is)];
  const [old, young] = [was?.table?.rows ?? [], is?.table?.rows ?? []];
  const differs = (row: Row, others: Row[]) => !others.some((other) => JSON.stringify(other) === JSON.stringify(row));
  if (!before || !now || was?.table?.columns.join() !== is?.table?.columns.join()) {
    const gone = old.filter((row) => differs(row, young));
    return { columns, gone, come: young.filter((row) => differs(row, old)), changed: [] };
  }
  const changed = young.flatMap((row): RowChange[] => {
    const [name = null] = row;
    const other = before.get(name);
    if (!other || !differs(row, [other])) return [];
    const cells = columns.map((column, n) => ({ column, was: other[n] ?? null, is: row[n] ?? null }));
    return [{ name, cells: cells.filter((one) => one.was !== one.is) }];
  });
  const gone = old.filter(([name = null]) => !now.has(name));
  return { columns, gone, come: young.filter(([name = null]) => !before.has(name)), changed };
}

function figuresOf(was: ReportSection | undefined, is: ReportSection | undefined): FigureChange[] {
  const before = new Map((was?.figures ?? []).map((one) => [one.label, one]));
  const now = new Map((is?.figures ?? []).map((one) => [one.label, one]));
  return [...new Map([...before, ...now]).values()]
    .map(({ label, unit, rate }) => {
      return { label, unit, rate, was: before.get(label)?.value ?? null, is: now.get(label)?.value ?? null };
    })
    .filter(({ unit, rate, was, is }) => formatText(was, unit, rate) !== formatText(is, unit, rate));
}

function changeOf(title: string, was: ReportSection | undefined, is: ReportSection | undefined): SectionChange {
  const words = { gone: missing(was?.words ?? [], is?.words ?? []), come: missing(is?.words ?? [], was?.words ?? []) };
  const figures = figuresOf(was, is);
  const rows = rowsOf(was, is);
  const moved = [words.gone, words.come, figures, rows.gone, rows.come, rows.changed].some(({ length }) => length > 0);
  const diffState = !was ? "added" : !is ? "removed" : moved ? "changed" : "same";
  return { title, diffState, words, figures, rows };
}

/** What one report says that another does not, section by section, in the order of the newer. */
export function diffSections(was: ReportSection[], is: ReportSection[]): SectionChange[] {
  const [before, now] = [was, is].map((all) => new Map(all.map((one) => [one.title, one]))) as [
    Map<string, ReportSection>,
    Map<string, ReportSection>,
  ];
  const titles = [...new Set([...now.keys(), ...before.keys()])];
  return titles.map((title) => changeOf(title, before.get(title), now.get(title)));
}

/** The one made before a report of the same kind and hosts. */
async function lastLike(db: Connection, { id, type, templateId, hostIds, title }: Report): Promise<number | undefined> {
  const found = await db.analyticsReport.findFirst({
    where: { id: { lt: id }, type, templateId, hostIds: { equals: hostIds }, ...(type === "custom" ? { title } : {}) },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  return found?.id;
}

const headOf = ({ sections: _, ...head }: Report): ReportInfo => head;

/** A report against another, or against the last of its kind. @throws DomainError not-found */
export async function diffReport(
  db: Connection,
  { id, against, mayReadAudit }: { id: number; against?: number | undefined; mayReadAudit: boolean },
): Promise<ReportDiff> {
  const report = await readReport(db, id, mayReadAudit);
  const otherId = against ?? (await lastLike(db, report));
  if (otherId === undefined) return { report: headOf(report), against: null, sections: [] };
  const other = await readReport(db, otherId, mayReadAudit);
  return { report: headOf(report), against: headOf(other), sections: diffSections(other.sections, report.sections) };
}
