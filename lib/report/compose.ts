import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/query/catalog.ts";
import {
  availabilitySection,
  capacitySection,
  databaseSection,
  type HostPeriod,
  performanceSection,
} from "#lib/report/host-sections.ts";
import { anomalySection, auditSection, experimentSection } from "#lib/report/list-sections.ts";
import type { ReportSection } from "#lib/report/section.ts";

const SECTIONS = ["performance", "capacity", "availability", "anomalies", "database", "experiments", "audit"] as const;
type SectionName = (typeof SECTIONS)[number];

/** What each type of report is made of, in its order. */
export const REPORTS = {
  executive: { title: "Executive summary", sections: ["availability", "anomalies", "capacity", "experiments"] },
  performance: { title: "Performance", sections: ["performance"] },
  capacity: { title: "Capacity", sections: ["capacity"] },
  availability: { title: "Availability and objectives", sections: ["availability"] },
  anomaly: { title: "Anomalies and incidents", sections: ["anomalies"] },
  experiment: { title: "Experiments", sections: ["experiments"] },
  database: { title: "Database", sections: ["database"] },
  audit: { title: "Audit", sections: ["audit"] },
  full: {
    title: "Everything",
    sections: ["availability", "performance", "database", "capacity", "anomalies", "experiments"],
  },
} as const satisfies Record<string, { title: string; sections: SectionName[] }>;

export type ReportType = keyof typeof REPORTS;
export const REPORT_TYPES = Object.keys(REPORTS) as [ReportType, ...ReportType[]];

export type ReportAsked = { type: ReportType; hostIds?: number[] | undefined; from: number; to: number };

const BY_HOST = {
  performance: performanceSection,
  capacity: capacitySection,
  availability: availabilitySection,
  database: databaseSection,
};

async function sectionsOf(
  db: Connection,
  name: SectionName,
  periods: HostPeriod[],
  span: { from: number; to: number },
): Promise<ReportSection[]> {
  if (name === "anomalies")
    return [
      await anomalySection(
        db,
        span,
        periods.map(({ host }) => host.id),
      ),
    ];
  if (name === "experiments") return [await experimentSection(db, span)];
  if (name === "audit") return [await auditSection(db, span)];
  const parts: ReportSection[] = [];
  for (const period of periods) parts.push(await BY_HOST[name](db, period));
  return parts;
}

/** Makes a report's sections out of the same queries as the pages. @throws DomainError not-found for a host that there is not */
export async function composeReport(
  db: Connection,
  { type, hostIds, from, to }: ReportAsked,
): Promise<ReportSection[]> {
  const all = await listHosts(db);
  const missing = hostIds?.find((id) => !all.some((host) => host.id === id));
  if (missing !== undefined)
    throw new DomainError("not-found", `There is no host ${missing}: GET /api/v1/hosts lists them`);
  const hosts = hostIds && hostIds.length > 0 ? all.filter(({ id }) => hostIds.includes(id)) : all;
  const periods = hosts.map(({ id, name, system }) => ({
    host: { id, name, cores: Number(system.cores ?? 1) },
    from,
    to,
  }));
  const sections: ReportSection[] = [];
  for (const name of REPORTS[type].sections) sections.push(...(await sectionsOf(db, name, periods, { from, to })));
  return sections;
}

/** The report's own words: the first of each section. */
const insightsOf = (sections: ReportSection[]) =>
  sections.flatMap(({ title, words }) => (words[0] ? [`${title}: ${words[0]}`] : []));

/** Makes a report and keeps it as it is. Answers its id. */
export async function makeReport(
  db: Database,
  asked: ReportAsked,
  { userId, now }: { userId: string | null; now: number },
): Promise<number> {
  const sections = await composeReport(db, asked);
  const { id } = await db.analyticsReport.create({
    data: {
      type: asked.type,
      title: REPORTS[asked.type].title,
      generatedAt: new Date(now),
      from: new Date(asked.from),
      to: new Date(asked.to),
      hostIds: asked.hostIds ?? [],
      metrics: sections as unknown as Prisma.InputJsonArray,
      insights: insightsOf(sections),
      createdBy: userId,
    },
    select: { id: true },
  });
  return id;
}
