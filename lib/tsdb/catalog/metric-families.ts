import type { MetricKind, MetricSort } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { latestNow } from "#lib/time/clock.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

/** A metric with how many series of it there are; the parts of a histogram are one metric. */
export type MetricFamily = {
  name: string;
  kind: MetricKind;
  unit: string;
  help: string;
  series: number;
  hosts: number;
  /** The lowest id of its hosts: of a metric that one host has, the host. */
  hostId: number;
  /** The kinds of its sources, in alphabetical order. */
  sources: string[];
};

/** Which metrics are listed, and in which order. Without kinds of sources all of them count, but for those to leave out. */
export type FamilyQuery = {
  hostIds: number[];
  /** Text in the name, PromQL's name or the help, in any case; `names` are found as well. */
  search: string;
  names: readonly string[];
  sourceKinds: readonly string[] | undefined;
  exceptSources: readonly string[];
  kind: MetricKind | undefined;
  sort: MetricSort;
  descending: boolean;
  limit: number;
  offset: number;
};

const orderOf = ({ sort, descending }: FamilyQuery): Prisma.Sql => {
  const column = { name: Prisma.sql`name`, series: Prisma.sql`series`, hosts: Prisma.sql`hosts` }[sort];
  return Prisma.sql`${column} ${descending ? Prisma.sql`DESC` : Prisma.sql`ASC`}, name, kind`;
};

/** The metrics of hosts that meet a query, a page of them, with how many there are in all. Series are counted in groups that fit into memory. */
export async function listFamilies(
  db: Connection,
  query: FamilyQuery,
): Promise<{ total: number; families: MetricFamily[] }> {
  const { hostIds, search, names, sourceKinds, exceptSources, kind, limit, offset } = query;
  const rows = await db.$queryRaw<(MetricFamily & { total: number })[]>`
    WITH part AS (
      SELECT s.metric, s.kind::text AS kind, s.host_id, o.kind AS source, count(*) AS series, max(s.unit) AS unit, max(s.help) AS help
      FROM series s JOIN source o ON o.host_id = s.host_id AND o.id = s.source_id
      WHERE s.host_id = ANY(${hostIds}::int[]) AND (${kind ?? null}::text IS NULL OR s.kind::text = ${kind ?? null})
        AND o.kind <> ALL(${exceptSources}::text[])
        AND (${sourceKinds === undefined}::boolean OR o.kind = ANY(${sourceKinds ?? []}::text[]))
      GROUP BY 1, 2, 3, 4
    ), named AS (
      SELECT *, CASE WHEN kind = 'histogram' THEN regexp_replace(metric, '_(bucket|count|sum)$', '') ELSE metric END AS name FROM part
    ), family AS (
      SELECT name, kind, coalesce(max(unit) FILTER (WHERE metric <> name || '_bucket' AND metric <> name || '_count'), max(unit)) AS unit,
        max(help) AS help, sum(series)::int AS series, count(DISTINCT host_id)::int AS hosts, min(host_id) AS "hostId",
        array_agg(DISTINCT source) AS sources
      FROM named GROUP BY name, kind
    )
    SELECT *, count(*) OVER ()::int AS total FROM family
    WHERE ${search} = '' OR strpos(lower(name), ${search}) > 0 OR strpos(lower(help), ${search}) > 0
      OR strpos(lower(regexp_replace(name, '[^a-zA-Z0-9_:]', '_', 'g')), ${search}) > 0 OR name = ANY(${names}::text[])
    ORDER BY ${orderOf(query)} LIMIT ${limit} OFFSET ${offset}`;
  return { total: rows[0]?.total ?? 0, families: rows.map(({ total: _, ...family }) => family) };
}

/** A metric of hosts by its name and those under which it is stored; undefined where there is no series of it. */
export async function readFamily(
  db: Connection,
  hostIds: number[],
  { name, kind, stored }: { name: string; kind: MetricKind; stored: string[] },
): Promise<MetricFamily | undefined> {
  const [found] = await db.$queryRaw<MetricFamily[]>`
    SELECT ${name}::text AS name, ${kind}::text AS kind, max(s.help) AS help, count(*)::int AS series,
      coalesce(max(s.unit) FILTER (WHERE s.metric NOT IN (${`${name}_bucket`}, ${`${name}_count`})), max(s.unit)) AS unit,
      count(DISTINCT s.host_id)::int AS hosts, min(s.host_id) AS "hostId", array_agg(DISTINCT o.kind) AS sources
    FROM series s JOIN source o ON o.host_id = s.host_id AND o.id = s.source_id
    WHERE s.host_id = ANY(${hostIds}::int[]) AND s.metric = ANY(${stored}::text[]) AND s.kind::text = ${kind} HAVING count(*) > 0`;
  return found;
}

/** So many newest frames of a source are looked at: a scrape comes in parts. */
const NEWEST = 3;
/** And so many where none of these has a value, of so many sources. */
const [EARLIER, EARLIER_SOURCES] = [2_000, 40];

const CODES = Object.values(RESOLUTIONS).map(({ code }) => code);

const lastInFrames = (
  db: Connection,
  { hostIds, metrics }: { hostIds: number[]; metrics: string[] },
  { now, depth, sources }: { now: number; depth: number; sources: number },
) => db.$queryRaw<{ metric: string; at: Date }[]>`
    SELECT s.metric, max(f.at) AS at
    FROM (
      SELECT DISTINCT host_id, source_id FROM series WHERE host_id = ANY(${hostIds}::int[]) AND metric = ANY(${metrics}) LIMIT ${sources}
    ) o
    CROSS JOIN LATERAL (
      SELECT at, frame_schema_id, "values" FROM frame WHERE host_id = o.host_id AND source_id = o.source_id
        AND at <= ${new Date(latestNow(now))} ORDER BY at DESC LIMIT ${depth}
    ) f
    JOIN frame_schema fs ON fs.host_id = o.host_id AND fs.id = f.frame_schema_id
    CROSS JOIN LATERAL unnest(fs.series_ids, f."values") AS v (id, value)
    JOIN series s ON s.host_id = o.host_id AND s.id = v.id AND s.metric = ANY(${metrics})
    WHERE v.value IS NOT NULL GROUP BY s.metric`;

/** When the newest chunk begins: the last sample is some hours later at most. */
const lastInChunks = (db: Connection, { hostIds, metrics }: { hostIds: number[]; metrics: string[] }) =>
  db.$queryRaw<{ metric: string; at: Date }[]>`
    SELECT s.metric, max(c.start) AS at FROM series s
    CROSS JOIN unnest(${CODES}::int[]) AS r (resolution)
    CROSS JOIN LATERAL (
      SELECT start FROM chunk WHERE host_id = s.host_id AND series_id = s.id AND resolution = r.resolution ORDER BY start DESC LIMIT 1
    ) c
    WHERE s.host_id = ANY(${hostIds}::int[]) AND s.metric = ANY(${metrics}) GROUP BY s.metric`;

/**
 * When each of some stored metrics of hosts had a value last, up to `now` (ms). One that ended long ago is dated by its newest chunk, to some
 * hours; one that no longer has samples is not in it.
 */
export async function lastSeenOf(
  db: Connection,
  hostIds: number[],
  metrics: readonly string[],
  now: number,
): Promise<Map<string, Date>> {
  const found = new Map<string, Date>();
  const read = async (find: (missing: string[]) => Promise<{ metric: string; at: Date }[]>) => {
    const missing = metrics.filter((metric) => !found.has(metric));
    if (missing.length > 0) for (const { metric, at } of await find(missing)) found.set(metric, at);
  };
  await read((missing) => lastInFrames(db, { hostIds, metrics: missing }, { now, depth: NEWEST, sources: 1_000_000 }));
  await read((missing) =>
    lastInFrames(db, { hostIds, metrics: missing }, { now, depth: EARLIER, sources: EARLIER_SOURCES }),
  );
  await read((missing) => lastInChunks(db, { hostIds, metrics: missing }));
  return found;
}

/** A label of a metric: how many values it has, and those that most series have. */
export type LabelCounts = { name: string; values: number; most: { value: string; series: number }[] };

const [MOST_LABELS, MOST_VALUES] = [40, 10];

/** The labels of some stored metrics of hosts, by name; of each the values that most series have. */
export async function countLabels(
  db: Connection,
  hostIds: number[],
  metrics: readonly string[],
): Promise<LabelCounts[]> {
  const rows = await db.$queryRaw<{ name: string; value: string; series: number; values: number }[]>`
    WITH pair AS (
      SELECT l.key AS name, l.value, count(*)::int AS series FROM series s CROSS JOIN LATERAL jsonb_each_text(s.labels) l
      WHERE s.host_id = ANY(${hostIds}::int[]) AND s.metric = ANY(${metrics}::text[]) GROUP BY 1, 2
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY name ORDER BY series DESC, value) AS rank, count(*) OVER (PARTITION BY name)::int AS "values",
        dense_rank() OVER (ORDER BY name) AS nth FROM pair
    )
    SELECT name, value, series, "values" FROM ranked WHERE rank <= ${MOST_VALUES} AND nth <= ${MOST_LABELS} ORDER BY name, rank`;
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, own]) => ({
    name,
    values: own[0]?.values ?? 0,
    most: own.map(({ value, series }) => ({ value, series })),
  }));
}

/** How many series of some stored metrics each host has, the most first. */
export const countByHost = (
  db: Connection,
  hostIds: number[],
  metrics: readonly string[],
): Promise<{ hostId: number; series: number }[]> =>
  db.$queryRaw`
    SELECT host_id AS "hostId", count(*)::int AS series FROM series
    WHERE host_id = ANY(${hostIds}::int[]) AND metric = ANY(${metrics}::text[]) GROUP BY 1 ORDER BY 2 DESC, 1`;

/** How many series each metric has on each host, of sources of some kinds. */
export const countMetricsOfSources = (
  db: Connection,
  hostIds: number[],
  sourceKinds: readonly string[],
): Promise<{ metric: string; hostId: number; series: number }[]> =>
  db.$queryRaw`
    SELECT s.metric, s.host_id AS "hostId", count(*)::int AS series
    FROM series s JOIN source o ON o.host_id = s.host_id AND o.id = s.source_id
    WHERE s.host_id = ANY(${hostIds}::int[]) AND o.kind = ANY(${sourceKinds}::text[]) GROUP BY 1, 2`;
