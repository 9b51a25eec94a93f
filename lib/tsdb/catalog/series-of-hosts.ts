import type { MetricKind } from "#lib/contract/enums.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { readHeld } from "#lib/db/held.ts";
import type { Reader } from "#lib/db/reading.ts";
import type { Labels } from "#lib/metrics/frame.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

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
export function listSeriesOfHosts(db: Reader, hostIds: number[], like: string): Promise<HostSeries[]> {
  const read = () => db.$queryRaw<HostSeries[]>`
    SELECT host_id AS "hostId", id, source_id AS "sourceId", metric, labels, kind::text AS kind, unit, help FROM series
    WHERE host_id = ANY(${hostIds}::int[]) AND metric LIKE ${like} ORDER BY host_id, metric, labels_key`;
  return readHeld(db, "series", `of hosts ${hostIds} ${like}`, read);
}

/** Instants (ms), both included. */
export type Within = { from: number; to: number };

const { raw, minute, hour } = RESOLUTIONS;

/**
 * The sources of hosts that have samples within a time, to a chunk: what ended some hours before, or begins after, may be among them. Their ids are
 * unique among all hosts.
 */
export async function sourcesWithin(db: Reader, hostIds: number[], { from, to }: Within): Promise<number[]> {
  const [since, until] = [new Date(from), new Date(to)];
  const holds = ({ code, spanMs }: (typeof RESOLUTIONS)["raw"]) => Prisma.sql`
    EXISTS (SELECT FROM chunk c WHERE c.host_id = r.host_id AND c.series_id = r.id AND c.resolution = ${code}
      AND c.start > ${since}::timestamptz - ${spanMs} * interval '1 ms' AND c.start <= ${until})`;
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT s.id FROM source s WHERE s.host_id = ANY(${hostIds}::int[]) AND (
      EXISTS (SELECT FROM frame f WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at >= ${since} AND f.at <= ${until})
      OR EXISTS (SELECT FROM series r WHERE r.host_id = s.host_id AND r.source_id = s.id AND (
        ${holds(raw)} OR ${holds(minute)}
        -- A chunk of hours is of a month: it counts where minutes are no longer kept.
        OR (${holds(hour)} AND NOT EXISTS (
          SELECT FROM chunk m WHERE m.host_id = r.host_id AND m.series_id = r.id AND m.resolution = ${minute.code} AND m.start <= ${until}
        )))))`;
  return rows.map(({ id }) => id);
}

/** Of which series: those of hosts, or only of some of their sources. */
export type SeriesExtent = { hostIds: number[]; sources?: number[] | undefined };

const isOf = ({ hostIds, sources }: SeriesExtent): Prisma.Sql => Prisma.sql`s.host_id = ANY(${hostIds}::int[])
    AND (${sources === undefined}::boolean OR s.source_id = ANY(${sources ?? []}::int[]))`;

/** What a metric of some hosts is; more than one of a metric where hosts say different things of it. */
export type HostMetric = Pick<HostSeries, "metric" | "kind" | "unit" | "help">;

/** The metrics of hosts, by name. */
export function listMetricsOfHosts(db: Reader, extent: SeriesExtent): Promise<HostMetric[]> {
  return db.$queryRaw<HostMetric[]>`
    SELECT DISTINCT metric, kind::text AS kind, unit, help FROM series s WHERE ${isOf(extent)} ORDER BY metric`;
}

/** The names of the labels that series of hosts have. */
export async function listLabelNamesOfHosts(db: Reader, extent: SeriesExtent): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT jsonb_object_keys(s.labels) AS name FROM series s WHERE ${isOf(extent)}`;
  return rows.map(({ name }) => name);
}

/** The values that labels have on series of hosts; `like` is a pattern of SQL's LIKE that the labels' names match. */
export function listLabelValuesOfHosts(
  db: Reader,
  extent: SeriesExtent,
  like: string,
): Promise<{ name: string; value: string }[]> {
  return db.$queryRaw<{ name: string; value: string }[]>`
    SELECT DISTINCT l.key AS name, l.value FROM series s CROSS JOIN LATERAL jsonb_each_text(s.labels) l
    WHERE ${isOf(extent)} AND l.key LIKE ${like}`;
}

/** Those of some hosts that have any series. */
export async function hostsWithSeries(db: Reader, extent: SeriesExtent): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT h.id FROM unnest(${extent.hostIds}::int[]) AS h (id) WHERE EXISTS (SELECT FROM series s WHERE s.host_id = h.id AND ${isOf(extent)})`;
  return rows.map(({ id }) => id);
}

/** How many series the newest schemas of hosts' sources have, by host. */
export async function countSlots(db: Reader, hostIds: number[]): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ id: number; count: number }[]>`
    SELECT host_id AS id, sum(cardinality(series_ids))::int AS count FROM (
      SELECT DISTINCT ON (host_id, source_id) host_id, series_ids FROM frame_schema
      WHERE host_id = ANY(${hostIds}::int[]) ORDER BY host_id, source_id, id DESC
    ) newest GROUP BY host_id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}
