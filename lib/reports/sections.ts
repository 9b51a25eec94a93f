import type { SectionName } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { fleetSection } from "#lib/reports/fleet-section.ts";
import {
  availabilitySection,
  capacitySection,
  databaseSection,
  type HostPeriod,
  performanceSection,
} from "#lib/reports/host-sections.ts";
import { anomalySection, auditSection, experimentSection } from "#lib/reports/list-sections.ts";
import type { ReportSection } from "#lib/reports/section.ts";

/** What a report can be made of, in the order of a builder's list. */
export const SECTIONS = {
  hosts: { title: "Hosts at a glance", help: "All hosts in one table, against the period before" },
  availability: { title: "Availability", help: "Each host against its objective, and when it sent no data" },
  performance: { title: "Performance", help: "CPU, memory, disk and network of each host" },
  database: { title: "Database", help: "Each host's PostgreSQL" },
  capacity: { title: "Capacity", help: "What is filling up and when, and which resource is closest to saturation" },
  anomalies: { title: "Anomalies and incidents", help: "What was unusual, the most severe first" },
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

/** A section of all hosts, or one for each. */
export async function buildSections(
  db: Connection,
  name: SectionName,
  periods: HostPeriod[],
  span: { from: number; to: number },
): Promise<ReportSection[]> {
  if (isByHost(name)) {
    const parts: ReportSection[] = [];
    for (const period of periods) parts.push(await BY_HOST[name](db, period));
    return parts;
  }
  const hostIds = periods.map(({ host }) => host.id);
  if (name === "anomalies") return [await anomalySection(db, span, hostIds)];
  if (name === "hosts") return [await fleetSection(db, periods)];
  if (name === "experiments") return [await experimentSection(db, span)];
  return [await auditSection(db, span)];
}
