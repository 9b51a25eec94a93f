import { assertOwns } from "#lib/access/ownership.ts";
import type { UserInfo } from "#lib/access/users.ts";
import type { ReportType, SectionName } from "#lib/contract/enums.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { changeShare } from "#lib/format/share.ts";
import { unitName } from "#lib/format/value.ts";
import type { ReportSection } from "#lib/reports/section.ts";
import type { Cell, Sheet, Table } from "#lib/tables/table.ts";

/** A report without its sections; its period is [from, to). */
export type ReportInfo = {
  id: number;
  type: ReportType;
  title: string;
  generatedAt: Date;
  from: Date;
  to: Date;
  hostIds: number[];
  insights: string[];
  /** The template it was created from. */
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

/** The section that needs the permission `audit:read`. */
export const AUDIT_SECTION: SectionName = "audit";

/** The newest 200 reports, newest first. Reports with the audit section are left out unless `mayReadAudit`. */
export async function listReports(db: Connection, mayReadAudit: boolean): Promise<ReportInfo[]> {
  const where = mayReadAudit ? {} : { NOT: { sectionNames: { has: AUDIT_SECTION } } };
  const rows = await db.analyticsReport.findMany({ where, select: HEAD, orderBy: { id: "desc" }, take: 200 });
  return rows.map((row) => ({ ...row, insights: row.insights as string[] }));
}

/** A report with its sections. @throws DomainError not-found, also for one with the audit section unless `mayReadAudit` */
export async function readReport(db: Connection, id: number, mayReadAudit: boolean): Promise<Report> {
  const row = await db.analyticsReport.findUnique({ where: { id }, omit: { createdBy: true } });
  if (!row || (row.sectionNames.includes(AUDIT_SECTION) && !mayReadAudit))
    throw new DomainError("not-found", `There is no report ${id}`);
  const { content, insights, sectionNames: _, ...rest } = row;
  return { ...rest, insights: insights as string[], sections: content as unknown as ReportSection[] };
}

/** Deletes a report. @throws DomainError not-found; forbidden for another's, unless all may be managed */
export async function removeReport(db: Connection, id: number, user: Pick<UserInfo, "id" | "role">): Promise<void> {
  const row = await db.analyticsReport.findUnique({ where: { id }, select: { createdBy: true, sectionNames: true } });
  if (!row || (row.sectionNames.includes(AUDIT_SECTION) && !may(user.role, "audit:read")))
    throw new DomainError("not-found", `There is no report ${id}`);
  assertOwns(user, row.createdBy, "report");
  await db.analyticsReport.deleteMany({ where: { id } });
}

/** Numbered, since the names of sheets must differ. */
const sheetOf = ({ title, table }: ReportSection, index: number): Sheet[] =>
  table ? [{ name: `${index + 1} ${title}`, ...table }] : [];

/** A report's sentences and figures as rows; its tables and charts are attachments. */
export function reportTable({ sections, title }: Report): Table {
  const rows = async function* (): AsyncGenerator<Cell[][]> {
    for (const { title: name, words, figures } of sections) {
      yield words.map((text) => [name, text, null, null, null, null]);
      yield figures.map(({ label, value, before, unit, rate }) => {
        return [name, label, value, before, changeShare(before, value), unitName(unit, rate)];
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
    attachments: async () => ({
      sheets: sections.flatMap(sheetOf),
      charts: sections.flatMap((section) =>
        section.charts.map((chart) => ({ ...chart, title: `${section.title}: ${chart.title}` })),
      ),
    }),
  };
}
