import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { unitName } from "#lib/format/value.ts";
import type { ReportSection } from "#lib/reports/section.ts";
import type { Cell, Sheet, Table } from "#lib/tables/table.ts";

export type ReportInfo = {
  id: number;
  type: string;
  title: string;
  generatedAt: Date;
  from: Date;
  to: Date;
  hostIds: number[];
  insights: string[];
  /** Of the template that it was made by. */
  templateId: number | null;
};

export type Report = ReportInfo & { sections: ReportSection[] };

const HEAD = {
  id: true,
  type: true,
  title: true,
  generatedAt: true,
  from: true,
  to: true,
  hostIds: true,
  insights: true,
  templateId: true,
} as const;

/** The section that not everybody may read. */
export const AUDIT = "audit";

/** Reports, newest first; those of the audit trail only for who may read that. */
export async function listReports(db: Connection, audits: boolean): Promise<ReportInfo[]> {
  const where = audits ? {} : { NOT: { sections: { has: AUDIT } } };
  const rows = await db.analyticsReport.findMany({ where, select: HEAD, orderBy: { id: "desc" }, take: 200 });
  return rows.map((row) => ({ ...row, insights: row.insights as string[] }));
}

/** @throws DomainError not-found, also for one that the reader may not know of */
export async function readReport(db: Connection, id: number, audits: boolean): Promise<Report> {
  const row = await db.analyticsReport.findUnique({ where: { id }, omit: { createdBy: true } });
  if (!row || (row.sections.includes(AUDIT) && !audits)) throw new DomainError("not-found", `There is no report ${id}`);
  const { metrics, insights, sections: _, ...rest } = row;
  return { ...rest, insights: insights as string[], sections: metrics as unknown as ReportSection[] };
}

/** @throws DomainError not-found */
export async function removeReport(db: Connection, id: number): Promise<void> {
  const { count } = await db.analyticsReport.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", `There is no report ${id}`);
}

/** A sheet's name is short, and no two are alike. */
const sheetOf = ({ title, table }: ReportSection, place: number): Sheet[] =>
  table ? [{ name: `${place + 1} ${title}`, ...table }] : [];

/** A report's figures and words as rows; a workbook has its tables and charts too. */
export function reportTable({ sections, title }: Report): Table {
  const rows = async function* (): AsyncGenerator<Cell[][]> {
    for (const { title: name, words, figures } of sections) {
      yield words.map((text) => [name, text, null, null, null, null]);
      yield figures.map(({ label, value, before, unit, rate }) => {
        return [name, label, value, before, before ? value / before - 1 : null, unitName(unit, rate)];
      });
    }
  };
  return {
    name: title,
    columns: [
      { key: "section", title: "Section", kind: "text" },
      { key: "what", title: "What", kind: "text" },
      { key: "value", title: "Value", kind: "number" },
      { key: "before", title: "Period before", kind: "number" },
      { key: "change", title: "Change", kind: "share" },
      { key: "unit", title: "Unit", kind: "text" },
    ],
    rows: rows(),
    beside: async () => ({
      sheets: sections.flatMap(sheetOf),
      charts: sections.flatMap((one) =>
        one.charts.map((chart) => ({ ...chart, title: `${one.title}: ${chart.title}` })),
      ),
    }),
  };
}
