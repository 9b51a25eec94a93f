import type { SectionName } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { DomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { fleetSection } from "#lib/reports/fleet-section.ts";
import {
  availabilitySection,
  capacitySection,
  databaseSection,
  type HostPeriod,
  performanceSection,
} from "#lib/reports/host-sections.ts";
import { alertSection, anomalySection, auditSection, experimentSection } from "#lib/reports/list-sections.ts";
import { type ReportSection, section } from "#lib/reports/section.ts";

/** What a report can be made of, in the order of a builder's list. */
export const SECTIONS = {
  hosts: { title: "Hosts at a glance", help: "All hosts in one table, against the period before" },
  availability: { title: "Availability", help: "Each host against its objective, and when it sent no data" },
  performance: { title: "Performance", help: "CPU, memory, disk and network of each host" },
  database: { title: "Database", help: "Each host's PostgreSQL" },
  capacity: { title: "Capacity", help: "What is filling up and when, and which resource is closest to saturation" },
  anomalies: { title: "Anomalies and incidents", help: "What was unusual, the most severe first" },
  alerts: {
    title: "Alert quality",
    help: "How many alerts, how many were acknowledged, and how long that and their end took",
  },
  experiments: { title: "Experiments", help: "Which experiments ran, and their verdicts" },
  audit: { title: "Audit", help: "Who did what; for administrators" },
} as const satisfies Record<SectionName, { title: string; help: string }>;

const BY_HOST = {
  performance: performanceSection,
  capacity: capacitySection,
  availability: availabilitySection,
  database: databaseSection,
};

const isByHost = (name: SectionName): name is keyof typeof BY_HOST => name in BY_HOST;

/** A section that cannot be built says so and costs no other. @throws what the database says where it is away */
export async function buildApart(title: string, build: () => Promise<ReportSection>): Promise<ReportSection> {
  try {
    return await build();
  } catch (error) {
    if (databaseFailure(error)) throw error;
    log.error({ section: title, reason: reasonOf(error) }, "a section of a report could not be built");
    const why = error instanceof DomainError ? error.message : "The log of the portal says why";
    return section(title, { words: [`This section could not be built. ${why}`] });
  }
}

/** A section of all hosts, or one for each. */
export async function buildSections(
  db: Connection,
  name: SectionName,
  periods: HostPeriod[],
  span: { from: number; to: number },
): Promise<ReportSection[]> {
  const { title } = SECTIONS[name];
  if (isByHost(name)) {
    const parts: ReportSection[] = [];
    for (const period of periods)
      parts.push(await buildApart(`${title}: ${period.host.name}`, () => BY_HOST[name](db, period)));
    return parts;
  }
  const hostIds = periods.map(({ host }) => host.id);
  const build = {
    anomalies: () => anomalySection(db, span, hostIds),
    alerts: () => alertSection(db, span, hostIds),
    hosts: () => fleetSection(db, periods),
    experiments: () => experimentSection(db, span),
    audit: () => auditSection(db, span),
  }[name];
  return [await buildApart(title, build)];
}
