import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { defineMetric, type Kind, type MetricGroup, type Unit } from "#lib/metrics/catalogue.ts";
import { type Labels, seriesName } from "#lib/metrics/frame.ts";

/** A stored series with what the catalogue knows of its metric. */
export type SeriesInfo = {
  id: number;
  sourceId: number;
  metric: string;
  labels: Labels;
  name: string;
  unit: Unit;
  kind: Kind;
  group: MetricGroup;
  help: string;
};

export type HostInfo = {
  id: number;
  name: string;
  system: Record<string, string | number>;
  firstSeenAt: Date;
  lastSampleAt: Date | null;
};

/** All hosts by name, each with the time of its newest frame. */
export async function listHosts(db: Connection): Promise<HostInfo[]> {
  const [hosts, newest] = await Promise.all([
    db.host.findMany({ orderBy: { name: "asc" } }),
    db.$queryRaw<{ hostId: number; at: Date }[]>`
      SELECT s.host_id AS "hostId", max(f.at) AS at
      FROM source s CROSS JOIN LATERAL (
        SELECT at FROM frame WHERE host_id = s.host_id AND source_id = s.id ORDER BY at DESC LIMIT 1
      ) f GROUP BY s.host_id`,
  ]);
  const newestOf = new Map(newest.map((row) => [row.hostId, row.at]));
  return hosts.map((host) => ({
    id: host.id,
    name: host.name,
    system: host.system as HostInfo["system"],
    firstSeenAt: host.createdAt,
    lastSampleAt: newestOf.get(host.id) ?? null,
  }));
}

/** The host asked for, or the first one where none is named. @throws DomainError not-found */
export async function findHost(db: Connection, id?: number): Promise<{ id: number; name: string }> {
  const select = { id: true, name: true };
  const host = id
    ? await db.host.findUnique({ where: { id }, select })
    : await db.host.findFirst({ orderBy: { id: "asc" }, select });
  if (host) return host;
  const field = "host";
  if (!id) throw new DomainError("not-found", "No host has sent a sample yet: is the worker running?");
  const message = `There is no host ${id}: GET /api/v1/hosts lists them`;
  throw new DomainError("not-found", message, { fields: [{ field, message }] });
}

/** A host's series by name; only those of some ids and metrics where these are named. */
export async function listSeries(
  db: Connection,
  hostId: number,
  named?: ({ id: number } | { metric: string })[],
): Promise<SeriesInfo[]> {
  const rows = await db.series.findMany({
    where: { hostId, ...(named ? { OR: named } : {}) },
    orderBy: [{ metric: "asc" }, { labelsKey: "asc" }],
  });
  return rows.map(({ id, sourceId, metric, labels }) => ({
    id,
    sourceId,
    metric,
    labels: labels as Labels,
    name: seriesName(metric, labels as Labels),
    ...defineMetric(metric),
  }));
}
