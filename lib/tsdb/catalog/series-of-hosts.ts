import type { MetricKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Labels } from "#lib/metrics/frame.ts";

/** A stored series with the host and the source that it is of. */
export type HostSeries = {
  hostId: number;
  id: number;
  sourceId: number;
  metric: string;
  labels: Labels;
  kind: MetricKind;
  unit: string;
  help: string;
};

/** The series of hosts by host, metric and labels; `like` is a pattern of SQL's LIKE that their metrics match. */
export function listSeriesOfHosts(db: Connection, hostIds: number[], like: string): Promise<HostSeries[]> {
  return db.$queryRaw<HostSeries[]>`
    SELECT host_id AS "hostId", id, source_id AS "sourceId", metric, labels, kind::text AS kind, unit, help FROM series
    WHERE host_id = ANY(${hostIds}::int[]) AND metric LIKE ${like} ORDER BY host_id, metric, labels_key`;
}

/** What a metric of some hosts is; more than one of a metric where hosts say different things of it. */
export type HostMetric = Pick<HostSeries, "metric" | "kind" | "unit" | "help">;

/** The metrics of hosts, by name. */
export function listMetricsOfHosts(db: Connection, hostIds: number[]): Promise<HostMetric[]> {
  return db.$queryRaw<HostMetric[]>`
    SELECT DISTINCT metric, kind::text AS kind, unit, help FROM series WHERE host_id = ANY(${hostIds}::int[])
    ORDER BY metric`;
}

/** The names of the labels that series of hosts have. */
export async function listLabelNamesOfHosts(db: Connection, hostIds: number[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT jsonb_object_keys(labels) AS name FROM series WHERE host_id = ANY(${hostIds}::int[])`;
  return rows.map(({ name }) => name);
}

/** The values that labels have on series of hosts; `like` is a pattern of SQL's LIKE that the labels' names match. */
export function listLabelValuesOfHosts(
  db: Connection,
  hostIds: number[],
  like: string,
): Promise<{ name: string; value: string }[]> {
  return db.$queryRaw<{ name: string; value: string }[]>`
    SELECT DISTINCT l.key AS name, l.value FROM series s CROSS JOIN LATERAL jsonb_each_text(s.labels) l
    WHERE s.host_id = ANY(${hostIds}::int[]) AND l.key LIKE ${like}`;
}

/** Those of some hosts that have any series. */
export async function hostsWithSeries(db: Connection, hostIds: number[]): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT h.id FROM unnest(${hostIds}::int[]) AS h (id) WHERE EXISTS (SELECT FROM series s WHERE s.host_id = h.id)`;
  return rows.map(({ id }) => id);
}

/** How many series the newest schemas of hosts' sources have, by host. */
export async function countSlots(db: Connection, hostIds: number[]): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ id: number; count: number }[]>`
    SELECT host_id AS id, sum(cardinality(series_ids))::int AS count FROM (
      SELECT DISTINCT ON (host_id, source_id) host_id, series_ids FROM frame_schema
      WHERE host_id = ANY(${hostIds}::int[]) ORDER BY host_id, source_id, id DESC
    ) newest GROUP BY host_id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}
