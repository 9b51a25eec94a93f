import type { Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Member = {
  series: string;
  seriesId?: number;
  after?: number;
} & Partial<Prisma.PerformanceAnomalyUncheckedCreateInput>;

/** An incident of a host that began at an instant (ms) and ended ten minutes later, as detection stores it: `after` minutes each of its series moved. */
export async function addIncident(db: Database, hostId: number, at: number, members: Member[]): Promise<number> {
  const end = new Date(at + 10 * MINUTE_MS);
  const { id } = await db.incident.create({ data: { hostId, startedAt: new Date(at), lastAt: end } });
  for (const [index, { after = index, seriesId = index + 1, series, ...given }] of members.entries())
    await db.performanceAnomaly.create({
      data: {
        ...{ hostId, incidentId: id, seriesId, series, metric: series.replace(/\{.*/, ""), source: "learned" },
        ...{ type: "shift", direction: "up", severity: "warning", reason: `${series} is unusual` },
        ...{ detectedAt: new Date(at + after * MINUTE_MS), lastAt: end, endedAt: end },
        ...{ score: 0.9, evidence: 9 - index, confidence: 0.9, value: 97, expected: 27.5, deviation: 2.5 },
        ...given,
      },
    });
  return id;
}
