import { assertMay } from "#lib/access/permissions.ts";
import type { Role } from "#lib/access/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { AUDIT, type Report } from "#lib/reports/library.ts";
import type { ReportSection } from "#lib/reports/section.ts";
import { type SectionName, sectionsOf } from "#lib/reports/sections.ts";
import { readTemplate } from "#lib/reports/templates.ts";

/** The reports that come with Sightline: what each is made of, in its order. */
export const REPORTS = {
  executive: {
    title: "Executive summary",
    sections: ["hosts", "availability", "anomalies", "capacity", "experiments"],
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
    sections: ["hosts", "availability", "performance", "database", "capacity", "anomalies", "experiments"],
  },
} as const satisfies Record<string, { title: string; sections: SectionName[] }>;

export const isBuiltIn = (type: string): type is keyof typeof REPORTS => type in REPORTS;

/** `custom` is one of a template, or whose sections are named. */
export type ReportType = keyof typeof REPORTS | "custom";
export const REPORT_TYPES: [ReportType, ...ReportType[]] = ["custom", ...Object.keys(REPORTS).filter(isBuiltIn)];

export type ReportAsked = {
  type: ReportType;
  title?: string | undefined;
  sections?: SectionName[] | undefined;
  templateId?: number | null | undefined;
  hostIds?: number[] | undefined;
  from: number;
  to: number;
};

/** What a report is made of, whichever way it was asked for. */
export type Composition = {
  type: ReportType;
  title: string;
  sections: SectionName[];
  templateId: number | null;
  hostIds: number[];
};

/** @throws DomainError validation for one without sections, not-found for a template or a host that there is not */
export async function compositionOf(db: Connection, asked: Omit<ReportAsked, "from" | "to">): Promise<Composition> {
  const { type, title, sections = [], templateId = null, hostIds } = asked;
  if (templateId !== null) {
    const { name, sections: kept, hostIds: own } = await readTemplate(db, templateId);
    return { type: "custom", title: name, sections: kept, templateId, hostIds: hostIds ?? own };
  }
  if (isBuiltIn(type))
    return { type, ...REPORTS[type], sections: [...REPORTS[type].sections], templateId, hostIds: hostIds ?? [] };
  const message = "Choose at least one section";
  if (sections.length === 0) throw new DomainError("validation", message, { fields: [{ field: "sections", message }] });
  return { type, title: title || "Report", sections, templateId, hostIds: hostIds ?? [] };
}

/** Makes the sections out of the same queries as the pages. @throws DomainError not-found for a host that there is not */
async function composeReport(
  db: Connection,
  { sections: names, hostIds }: Pick<Composition, "sections" | "hostIds">,
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
  for (const name of names) {
    // Of one host all is said by its own sections.
    if (name === "hosts" && periods.length < 2 && names.length > 1) continue;
    sections.push(...(await sectionsOf(db, name, periods, { from, to })));
  }
  return sections;
}

/** The report's own words: the first of each section. */
const insightsOf = (sections: ReportSection[]) =>
  sections.flatMap(({ title, words }) => (words[0] ? [`${title}: ${words[0]}`] : []));

/** Who makes a report: one without a role is the portal itself, for a schedule that somebody with the right to it made. */
export type Maker = { role?: Role; now: number };

/** A report that nobody keeps: what making it would give. */
export type Draft = Omit<Report, "id"> & { names: SectionName[] };

/** @throws DomainError as compositionOf and composeReport, forbidden for the audit trail of who may not read it */
export async function draftReport(db: Connection, asked: ReportAsked, { role, now }: Maker): Promise<Draft> {
  const composition = await compositionOf(db, asked);
  assertComposable(composition, role);
  const { sections: names, ...head } = composition;
  const sections = await composeReport(db, composition, asked);
  const times = { from: new Date(asked.from), to: new Date(asked.to), generatedAt: new Date(now) };
  return { ...head, ...times, names, sections, insights: insightsOf(sections) };
}

/** @throws DomainError forbidden */
export function assertComposable({ sections }: Pick<Composition, "sections">, role: Role | undefined): void {
  if (role && sections.includes(AUDIT)) assertMay(role, "audit:read");
}

/** Makes a report and keeps it as it is. Answers its id. @throws DomainError as draftReport */
export async function makeReport(
  db: Database,
  asked: ReportAsked,
  { userId, ...maker }: Maker & { userId: string | null },
): Promise<number> {
  const { names, sections, ...rest } = await draftReport(db, asked, maker);
  const metrics = sections as unknown as Prisma.InputJsonArray;
  const data = { ...rest, sections: names, metrics, createdBy: userId };
  return (await db.analyticsReport.create({ data, select: { id: true } })).id;
}
