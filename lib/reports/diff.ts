import type { Connection } from "#lib/db/client.ts";
import { formatText } from "#lib/format/value.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { type Report, type ReportInfo, readReport } from "#lib/reports/library.ts";
import type { ReportFigure, ReportSection } from "#lib/reports/section.ts";

/** A figure of two reports of one kind; null where one of them has none. */
type FigureChange = Pick<ReportFigure, "label" | "unit" | "rate"> & { before: number | null; after: number | null };

type Cell = string | number | null;
type Row = Cell[];

/** A row of both tables, by its first cell: the cells that differ. */
type RowChange = { name: Cell; cells: { column: string; before: Cell; after: Cell }[] };

export type SectionChange = {
  title: string;
  diffState: "added" | "removed" | "same" | "changed";
  words: { removed: string[]; added: string[] };
  figures: FigureChange[];
  /** Rows of its table that only one of them has, and those that changed. */
  rows: { columns: string[]; removed: Row[]; added: Row[]; changed: RowChange[] };
};

export type ReportDiff = { report: ReportInfo; against: ReportInfo | null; sections: SectionChange[] };

/** What a list has and another has not. */
const without = (list: string[], other: string[]) => list.filter((item) => !other.includes(item));

/** Rows by their first cell, where that names one row alone. */
function named(section: ReportSection | undefined): Map<Cell, Row> | undefined {
  const rows = section?.table?.rows ?? [];
  const byName = new Map(rows.map((row) => [row[0] ?? null, row]));
  return byName.size === rows.length ? byName : undefined;
}

function rowsOf(before: ReportSection | undefined, after: ReportSection | undefined): SectionChange["rows"] {
  const columns = (after?.table ?? before?.table)?.columns ?? [];
  const [namedBefore, namedAfter] = [named(before), named(after)];
  const [oldRows, newRows] = [before?.table?.rows ?? [], after?.table?.rows ?? []];
  const differs = (row: Row, others: Row[]) => !others.some((other) => JSON.stringify(other) === JSON.stringify(row));
  if (!namedBefore || !namedAfter || before?.table?.columns.join() !== after?.table?.columns.join()) {
    const removed = oldRows.filter((row) => differs(row, newRows));
    return { columns, removed, added: newRows.filter((row) => differs(row, oldRows)), changed: [] };
  }
  const changed = newRows.flatMap((row): RowChange[] => {
    const [name = null] = row;
    const oldRow = namedBefore.get(name);
    if (!oldRow || !differs(row, [oldRow])) return [];
    const cells = columns.map((column, n) => ({ column, before: oldRow[n] ?? null, after: row[n] ?? null }));
    return [{ name, cells: cells.filter((cell) => cell.before !== cell.after) }];
  });
  const removed = oldRows.filter(([name = null]) => !namedAfter.has(name));
  return { columns, removed, added: newRows.filter(([name = null]) => !namedBefore.has(name)), changed };
}

/** Figures by what they are of; reports before 0.2 name series by their selectors. */
const byLabel = (section: ReportSection | undefined) =>
  new Map((section?.figures ?? []).map((figure) => [seriesTitle(figure.label), figure]));

function figuresOf(before: ReportSection | undefined, after: ReportSection | undefined): FigureChange[] {
  const [oldFigures, newFigures] = [byLabel(before), byLabel(after)];
  return [...new Map([...oldFigures, ...newFigures])]
    .map(([label, { unit, rate }]): FigureChange => {
      const [old, latest] = [oldFigures.get(label), newFigures.get(label)];
      return { label, unit, rate, before: old?.value ?? null, after: latest?.value ?? null };
    })
    .filter(
      ({ unit, rate, ...values }) => formatText(values.before, unit, rate) !== formatText(values.after, unit, rate),
    );
}

function changeOf(title: string, before: ReportSection | undefined, after: ReportSection | undefined): SectionChange {
  const [oldWords, newWords] = [before?.words ?? [], after?.words ?? []];
  const words = { removed: without(oldWords, newWords), added: without(newWords, oldWords) };
  const figures = figuresOf(before, after);
  const rows = rowsOf(before, after);
  const differences = [words.removed, words.added, figures, rows.removed, rows.added, rows.changed];
  const isChanged = differences.some(({ length }) => length > 0);
  const diffState = !before ? "added" : !after ? "removed" : isChanged ? "changed" : "same";
  return { title, diffState, words, figures, rows };
}

/** What a report says that an earlier one does not, section by section, in the order of the newer. */
export function diffSections(before: ReportSection[], after: ReportSection[]): SectionChange[] {
  const byTitle = (sections: ReportSection[]) => new Map(sections.map((section) => [section.title, section]));
  const [oldSections, newSections] = [byTitle(before), byTitle(after)];
  const titles = [...new Set([...newSections.keys(), ...oldSections.keys()])];
  return titles.map((title) => changeOf(title, oldSections.get(title), newSections.get(title)));
}

/** The report of the same type and hosts that was created before. */
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
