import { assertMay } from "#lib/access/permissions.ts";
import type { ReportType, SectionName } from "#lib/contract/enums.ts";
import type { ReportExpression } from "#lib/contract/reports.ts";
import type { Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { expressionSection } from "#lib/reports/expression-section.ts";
import { AUDIT_SECTION, type Report } from "#lib/reports/library.ts";
import type { ReportSection } from "#lib/reports/section.ts";
import { buildApart, buildSections } from "#lib/reports/sections.ts";
import { assertParts, readTemplate } from "#lib/reports/templates.ts";

/** The built-in reports: the sections of each, in their order. */
export const REPORTS = {
  executive: {
    title: "Executive summary",
    sections: ["hosts", "availability", "anomalies", "alerts", "capacity", "experiments"],
  },
  performance: { title: "Performance", sections: ["performance"] },
  capacity: { title: "Capacity", sections: ["capacity"] },
  availability: { title: "Availability and objectives", sections: ["availability"] },
  anomaly: { title: "Anomalies and incidents", sections: ["anomalies"] },
  experiment: { title: "Experiments", sections: ["experiments"] },
  database: { title: "Database", sections: ["database"] },
  audit: { title: "Audit", sections: ["audit"] },
  full: {
    title: "Everything",
    sections: ["hosts", "availability", "performance", "database", "capacity", "anomalies", "alerts", "experiments"],
  },
} as const satisfies Record<Exclude<ReportType, "custom">, { title: string; sections: SectionName[] }>;

/** Whether a report type is a built-in one; `custom` is not. */
export const isBuiltIn = (type: string): type is keyof typeof REPORTS => type in REPORTS;

/** A report to create, of [from, to) in ms since the epoch. No `hostIds` means those of the template, or all hosts. */
export type ReportRequest = {
  type: ReportType;
  title?: string | undefined;
  sectionNames?: SectionName[] | undefined;
  expressions?: ReportExpression[] | undefined;
  templateId?: number | null | undefined;
  hostIds?: number[] | undefined;
  from: number;
  to: number;
};

/** Which sections of which hosts (all where the list is empty) a report has. */
export type Composition = {
  type: ReportType;
  title: string;
  sectionNames: SectionName[];
  expressions: ReportExpression[];
  templateId: number | null;
  hostIds: number[];
};

/**
 * The composition of a built-in report, of a template, or of the sections and expressions that a request names.
 * @throws DomainError validation without any of these or for an expression that cannot be read, not-found for an unknown template
 */
export async function resolveComposition(
  db: Connection,
  request: Omit<ReportRequest, "from" | "to">,
): Promise<Composition> {
  const { type, title, sectionNames = [], expressions = [], templateId = null, hostIds } = request;
  if (templateId !== null) {
    const template = await readTemplate(db, templateId);
    const { name, days: _, ...own } = template;
    return { ...own, type: "custom", title: name, templateId, hostIds: hostIds ?? own.hostIds };
  }
  if (isBuiltIn(type)) {
    const { title: ownTitle, sections } = REPORTS[type];
    return { type, title: ownTitle, sectionNames: [...sections], expressions: [], templateId, hostIds: hostIds ?? [] };
  }
  assertParts({ sectionNames, expressions });
  return { type, title: title || "Report", sectionNames, expressions, templateId, hostIds: hostIds ?? [] };
}

/** Builds the sections of a composition from the queries that the pages use. @throws DomainError not-found for an unknown host */
async function composeSections(
  db: Database,
  { sectionNames, expressions, hostIds }: Composition,
  { from, to }: { from: number; to: number },
): Promise<ReportSection[]> {
  const all = await listHosts(db);
  const missing = hostIds.find((id) => !all.some((host) => host.id === id));
  if (missing !== undefined)
    throw new DomainError("not-found", `There is no host ${missing}: GET /api/v1/hosts lists them`);
  const hosts = hostIds.length > 0 ? all.filter(({ id }) => hostIds.includes(id)) : all;
  const periods = hosts.map(({ id, name, system }) => ({
    host: { id, name, cores: Number(system.cores ?? 1) },
    from,
    to,
  }));
  const sections: ReportSection[] = [];
  for (const name of sectionNames) {
    // A table of hosts adds nothing to the sections of a single host.
    if (name === "hosts" && periods.length < 2 && sectionNames.length > 1) continue;
    sections.push(...(await buildSections(db, name, periods, { from, to })));
  }
  for (const expression of expressions)
    sections.push(await buildApart(expression.title, () => expressionSection(db, hosts, expression, { from, to })));
  return sections;
}

/** The first sentence of each section. */
const summarise = (sections: ReportSection[]) =>
  sections.flatMap(({ title, words }) => (words[0] ? [`${title}: ${words[0]}`] : []));

/** Who creates a report. No `role` means the portal itself. */
export type ReportAuthor = { role?: Role; now: number };

/** A report that is not stored. */
export type ReportDraft = Omit<Report, "id"> & Pick<Composition, "sectionNames" | "expressions">;

/**
 * Builds a report without storing it.
 * @throws DomainError as resolveComposition; not-found for an unknown host; forbidden for the audit section without `audit:read`
 */
export async function draftReport(
  db: Database,
  request: ReportRequest,
  { role, now }: ReportAuthor,
): Promise<ReportDraft> {
  const composition = await resolveComposition(db, request);
  assertComposable(composition, role);
  const sections = await composeSections(db, composition, request);
  const times = { from: new Date(request.from), to: new Date(request.to), generatedAt: new Date(now) };
  return { ...composition, ...times, sections, insights: summarise(sections) };
}

/** Refuses the audit section to roles without `audit:read`. @throws DomainError forbidden */
export function assertComposable({ sectionNames }: Pick<Composition, "sectionNames">, role: Role | undefined): void {
  if (role && sectionNames.includes(AUDIT_SECTION)) assertMay(role, "audit:read");
}

/** Creates and stores a report; answers its id. @throws DomainError as draftReport */
export async function createReport(
  db: Database,
  request: ReportRequest,
  { userId, ...author }: ReportAuthor & { userId: string | null },
): Promise<number> {
  const { sections, expressions: _, ...rest } = await draftReport(db, request, author);
  const data = { ...rest, content: sections as unknown as Prisma.InputJsonArray, createdBy: userId };
  return (await db.analyticsReport.create({ data, select: { id: true } })).id;
}
