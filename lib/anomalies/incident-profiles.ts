import type { Connection } from "#lib/db/client.ts";

/** What an incident consists of, for comparing it with others: how much of it (0 to 1) each metric is, and which moved first. */
export type IncidentProfile = {
  hostId: number;
  id: number;
  startedAt: Date;
  shares: Map<string, number>;
  first: string | undefined;
};

type Part = { metric: string; evidence: number; onset: Date };

/** The shares of some parts: several of one metric add up. The first is the one that began first, of one instant the one that weighs most. */
export function profileOf(parts: Part[]): Pick<IncidentProfile, "shares" | "first"> {
  const total = parts.reduce((sum, { evidence }) => sum + evidence, 0);
  const shares = new Map<string, number>();
  for (const { metric, evidence } of parts)
    shares.set(metric, (shares.get(metric) ?? 0) + (total > 0 ? evidence / total : 1 / parts.length));
  const share = ({ metric }: Part) => shares.get(metric) ?? 0;
  const [first] = parts.toSorted((a, b) => a.onset.getTime() - b.onset.getTime() || share(b) - share(a));
  return { shares, first: first?.metric };
}

/**
 * The profiles of the newest `limit` incidents of any host that began in [from, to), ms, and in which one of some metrics moved: read as sums, since a
 * year of incidents may have a hundred thousand anomalies.
 */
export async function readProfiles(
  db: Connection,
  { from, to, metrics }: { from: number; to: number; metrics: string[] },
  limit: number,
): Promise<IncidentProfile[]> {
  const rows = await db.$queryRaw<(Part & { hostId: number; id: number; startedAt: Date })[]>`
    WITH compared AS (
      SELECT i.host_id, i.id, i.started_at FROM incident i
      WHERE i.started_at >= ${new Date(from)} AND i.started_at < ${new Date(to)} AND EXISTS (
        SELECT FROM performance_anomaly m WHERE m.host_id = i.host_id AND m.incident_id = i.id AND m.metric = ANY(${metrics}::text[]))
      ORDER BY i.started_at DESC, i.id DESC LIMIT ${limit})
    SELECT c.host_id AS "hostId", c.id, c.started_at AS "startedAt", a.metric, sum(a.evidence)::float8 AS evidence, min(a.detected_at) AS onset
    FROM compared c JOIN performance_anomaly a ON a.host_id = c.host_id AND a.incident_id = c.id
    GROUP BY c.host_id, c.id, c.started_at, a.metric`;
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((parts) => {
    const { hostId, id, startedAt } = parts[0] as (typeof rows)[number];
    return { hostId, id, startedAt, ...profileOf(parts) };
  });
}
