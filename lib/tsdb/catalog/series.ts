import type { MetricKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma, type Series } from "#lib/db/generated/client.ts";
import { readHeld } from "#lib/db/held.ts";
import type { Reader } from "#lib/db/reading.ts";
import { type MetricGroup, metricInfo, type Unit } from "#lib/metrics/catalogue.ts";
import { type Labels, seriesName } from "#lib/metrics/frame.ts";

/** A stored series with what its numbers are, and the group that the catalogue puts its metric in. */
export type SeriesInfo = {
  id: number;
  sourceId: number;
  metric: string;
  labels: Labels;
  name: string;
  unit: Unit;
  kind: MetricKind;
  group: MetricGroup;
  help: string;
};

type SeriesRow = Pick<Series, "id" | "sourceId" | "metric" | "labels" | "unit" | "kind" | "help">;

const BY_NAME = [{ metric: "asc" as const }, { labelsKey: "asc" as const }];

function toInfo({ id, sourceId, metric, labels, unit, kind, help }: SeriesRow): SeriesInfo {
  return {
    ...{ id, sourceId, metric, unit, kind, help },
    labels: labels as Labels,
    name: seriesName(metric, labels as Labels),
    group: metricInfo(metric).group,
  };
}

/** A host's series by name; only those of some ids and metrics where these are named. */
export async function listSeries(
  db: Reader,
  hostId: number,
  named?: ({ id: number } | { metric: string })[],
): Promise<SeriesInfo[]> {
  const ids = named?.flatMap((own) => ("id" in own ? [own.id] : []));
  const metrics = named?.flatMap((own) => ("metric" in own ? [own.metric] : []));
  const isNamed = named ? Prisma.sql`AND (id = ANY(${ids}::int[]) OR metric = ANY(${metrics}::text[]))` : Prisma.empty;
  const read = async () => {
    const rows = await db.$queryRaw<SeriesRow[]>`
      SELECT id, source_id AS "sourceId", metric, labels, kind::text AS kind, unit, help FROM series
      WHERE host_id = ${hostId} ${isNamed} ORDER BY metric, labels_key`;
    return rows.map(toInfo);
  };
  return [...(await readHeld(db, "series", `of host ${hostId} ${JSON.stringify(named)}`, read))];
}

/** The series of a host's sources of one kind, by the name of the source. */
export async function listSeriesOfSources(
  db: Connection,
  hostId: number,
  kind: string,
): Promise<Map<string, SeriesInfo[]>> {
  const sources = await db.source.findMany({
    where: { hostId, kind },
    select: { name: true, series: { orderBy: BY_NAME } },
  });
  return new Map(sources.map(({ name, series }) => [name, series.map(toInfo)]));
}

/** The ids of the sources of a kind and name, on whatever hosts. */
export const findSources = async (db: Connection, kind: string, name: string): Promise<number[]> =>
  (await db.source.findMany({ where: { kind, name }, select: { id: true } })).map(({ id }) => id);

/** The kind of each of some series of a host, by id. */
export async function readKinds(db: Reader, hostId: number, ids: number[]): Promise<Map<number, MetricKind>> {
  const rows = await db.$queryRaw<{ id: number; kind: MetricKind }[]>`
    SELECT id, kind::text AS kind FROM series WHERE host_id = ${hostId} AND id = ANY(${ids}::int[])`;
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

/** What the values of some series of any hosts are, by the series' id, which is unique among all hosts. */
export async function readMeasures(
  db: Connection,
  hostIds: number[],
  ids: number[],
): Promise<Map<number, Pick<SeriesInfo, "unit" | "kind">>> {
  // As arrays: a list of parameters has an end.
  const rows = await db.$queryRaw<Pick<SeriesInfo, "id" | "unit" | "kind">[]>`
    SELECT id, unit, kind::text AS kind FROM series WHERE host_id = ANY(${hostIds}::int[]) AND id = ANY(${ids}::int[])`;
  return new Map(rows.map(({ id, unit, kind }) => [id, { unit, kind }]));
}
