import type { Connection } from "#lib/db/client.ts";
import { type Report, type ReportInfo, readReport } from "#lib/report/library.ts";
import type { ReportFigure, ReportSection } from "#lib/report/section.ts";

/** A figure of two reports of one kind; null where one of them has none. */
type FigureChange = Pick<ReportFigure, "label" | "unit" | "rate"> & { was: number | null; is: number | null };

type Rows = (string | number | null)[][];

export type SectionChange = {
  title: string;
  standing: "added" | "removed" | "same" | "changed";
  words: { gone: string[]; come: string[] };
  figures: FigureChange[];
  /** Rows of its table that only one of them has. */
  rows: { columns: string[]; gone: Rows; come: Rows };
};

export type ReportDiff = { report: ReportInfo; against: ReportInfo | null; sections: SectionChange[] };

const missing = (from: string[], known: string[]) => from.filter((one) => !known.includes(one));

function rowsOnlyIn(section: ReportSection | undefined, other: ReportSection | undefined): Rows {
  const known = new Set((other?.table?.rows ?? []).map((row) => JSON.stringify(row)));
  return (section?.table?.rows ?? []).filter((row) => !known.has(JSON.stringify(row)));
}

function figuresOf(was: ReportSection | undefined, is: ReportSection | undefined): FigureChange[] {
  const before = new Map((was?.figures ?? []).map((one) => [one.label, one]));
  const now = new Map((is?.figures ?? []).map((one) => [one.label, one]));
  return [...new Map([...before, ...now]).values()]
    .map(({ label, unit, rate }) => {
      return { label, unit, rate, was: before.get(label)?.value ?? null, is: now.get(label)?.value ?? null };
    })
    .filter((one) => one.was !== one.is);
}

function changeOf(title: string, was: ReportSection | undefined, is: ReportSection | undefined): SectionChange {
  const words = { gone: missing(was?.words ?? [], is?.words ?? []), come: missing(is?.words ?? [], was?.words ?? []) };
  const figures = figuresOf(was, is);
  const columns = (is ?? was)?.table?.columns ?? was?.table?.columns ?? [];
  const rows = { columns, gone: rowsOnlyIn(was, is), come: rowsOnlyIn(is, was) };
  const moved = [words.gone, words.come, figures, rows.gone, rows.come].some(({ length }) => length > 0);
  const standing = !was ? "added" : !is ? "removed" : moved ? "changed" : "same";
  return { title, standing, words, figures, rows };
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
  { id, against, audits }: { id: number; against?: number | undefined; audits: boolean },
): Promise<ReportDiff> {
  const report = await readReport(db, id, audits);
  const otherId = against ?? (await lastLike(db, report));
  if (otherId === undefined) return { report: headOf(report), against: null, sections: [] };
  const other = await readReport(db, otherId, audits);
  return { report: headOf(report), against: headOf(other), sections: diffSections(other.sections, report.sections) };
}
