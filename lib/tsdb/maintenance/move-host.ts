import type { Resolution } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { readKinds } from "#lib/tsdb/catalog/series.ts";
import { readChunks, writeChunks } from "#lib/tsdb/chunks/chunk-rows.ts";
import { decodeSamples, decodeSteps, mergeSamples } from "#lib/tsdb/chunks/chunks.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { foldSteps, joinSteps } from "#lib/tsdb/chunks/steps.ts";
import { joinParts, stepsRow } from "#lib/tsdb/maintenance/chunks-of-steps.ts";
import { compactHost, spanAt, storeSamples } from "#lib/tsdb/maintenance/compact.ts";

/** Two hosts that become one: what `from` has goes to `into`. */
export type HostMove = { from: number; into: number };

/** Which series of the host that stays goes on for one of the other, by their ids. */
export type SeriesMap = Map<number, number>;

type Pair = { before: number; after: number };

/**
 * Gives one host's series, with all that is stored of them, to another: of the same source, metric, labels and kind they become one series, in which at one
 * instant the values of the host that stays count. Nothing may append to `from` meanwhile. Within the caller's transaction.
 */
export async function moveSeries(tx: Connection, move: HostMove): Promise<SeriesMap> {
  // Compaction tries these locks and leaves a source alone that it doesn't get.
  await tx.$executeRaw`
    SELECT count(pg_advisory_xact_lock(host_id, id)) FROM (
      SELECT host_id, id FROM source WHERE host_id IN (${move.from}::int, ${move.into}::int) ORDER BY host_id, id
    ) held`;
  await compactHost(tx, move.from);
  const series = await joinSeries(tx, move);
  const first = await firstSpans(tx, move.into, series);
  await moveChunks(tx, move, series);
  for (const [start, ids] of first) await rollUpAgain(tx, move.into, start, ids);
  return new Map(series.map(({ before, after }) => [before, after]));
}

async function joinSeries(tx: Connection, { from, into }: HostMove): Promise<Pair[]> {
  await tx.$executeRaw`
    INSERT INTO source (host_id, kind, name) SELECT ${into}::int, kind, name FROM source WHERE host_id = ${from}
    ON CONFLICT (host_id, kind, name) DO NOTHING`;
  await tx.$executeRaw`
    INSERT INTO series (host_id, source_id, metric, labels_key, labels, kind, unit, help, first_seen_at)
    SELECT ${into}::int, b.id, s.metric, s.labels_key, s.labels, s.kind, s.unit, s.help, s.first_seen_at
    FROM series s JOIN source a ON a.host_id = s.host_id AND a.id = s.source_id
      JOIN source b ON b.host_id = ${into} AND b.kind = a.kind AND b.name = a.name
    WHERE s.host_id = ${from}
    ON CONFLICT (host_id, source_id, metric, labels_key, kind)
      DO UPDATE SET first_seen_at = least(series.first_seen_at, excluded.first_seen_at)`;
  return tx.$queryRaw`
    SELECT s.id AS before, t.id AS after
    FROM series s JOIN source a ON a.host_id = s.host_id AND a.id = s.source_id
      JOIN source b ON b.host_id = ${into} AND b.kind = a.kind AND b.name = a.name
      JOIN series t ON t.host_id = b.host_id AND t.source_id = b.id
        AND t.metric = s.metric AND t.labels_key = s.labels_key AND t.kind = s.kind
    WHERE s.host_id = ${from}`;
}

const columnsOf = (pairs: Pair[]): [number[], number[]] => [
  pairs.map(({ before }) => before),
  pairs.map(({ after }) => after),
];

/** The span (ms) in which each series of the host that stays begins, with the series. */
async function firstSpans(tx: Connection, hostId: number, series: Pair[]): Promise<Map<number, number[]>> {
  const rows = await tx.$queryRaw<{ start: number; ids: number[] }[]>`
    SELECT start, array_agg(series_id) AS ids FROM (
      SELECT series_id, (extract(epoch FROM min(start)) * 1000)::float8 AS start FROM chunk
      WHERE host_id = ${hostId} AND series_id = ANY(${series.map(({ after }) => after)}::int[]) AND resolution = ${RESOLUTIONS.raw.code}
      GROUP BY series_id
    ) first GROUP BY start`;
  return new Map(rows.map(({ start, ids }) => [start, ids]));
}

/** Where something now stands before a series' first samples, its steps tell of the gap between. */
async function rollUpAgain(tx: Connection, hostId: number, start: number, seriesIds: number[]): Promise<void> {
  const chunks = await readChunks(tx, hostId, seriesIds, "raw", { from: start, to: start + 1 });
  await storeSamples(tx, spanAt(hostId, start), [
    new Map(chunks.map(({ seriesId, data }) => [seriesId, decodeSamples(data)])),
  ]);
}

/** A chunk's row changes hands without its data being written again; those of a span that both hosts have are put together. */
async function moveChunks(tx: Connection, move: HostMove, series: Pair[]): Promise<void> {
  const [before, after] = columnsOf(series);
  // Chunks of the same spans on both sides, so that those that overlap begin together.
  for (const resolution of ["hour", "minute"] as const) {
    const starts = await sharedSpans(tx, move, resolution, series);
    await joinParts(tx, move.from, { resolution, seriesIds: before, starts });
    await joinParts(tx, move.into, { resolution, seriesIds: after, starts });
  }
  await tx.$executeRaw`
    UPDATE chunk c SET host_id = ${move.into}, series_id = m.after
    FROM unnest(${before}::int[], ${after}::int[]) AS m(before, after)
    WHERE c.host_id = ${move.from} AND c.series_id = m.before
      AND NOT EXISTS (SELECT FROM chunk o WHERE o.host_id = ${move.into} AND o.series_id = m.after
        AND o.resolution = c.resolution AND o.start = c.start)`;
  // Raw last: it makes the steps of its span anew, from the samples of both.
  for (const resolution of ["hour", "minute", "raw"] as const)
    for (const start of await startsOf(tx, move.from, resolution)) {
      if (resolution === "raw") await joinSamples(tx, move, start, series);
      else await joinBuckets(tx, move, resolution, start, series);
    }
  await tx.$executeRaw`DELETE FROM chunk WHERE host_id = ${move.from}`;
}

/** Where the spans begin (ms) of which both hosts have chunks of a series. */
async function sharedSpans(tx: Connection, move: HostMove, resolution: Resolution, series: Pair[]): Promise<number[]> {
  const [before, after] = columnsOf(series);
  const { code, spanMs } = RESOLUTIONS[resolution];
  const spanOf = (start: Prisma.Sql) =>
    Prisma.sql`floor(extract(epoch FROM ${start})::float8 * 1000 / ${spanMs}::float8) * ${spanMs}::float8`;
  const rows = await tx.$queryRaw<{ start: number }[]>`
    SELECT DISTINCT ${spanOf(Prisma.sql`c.start`)} AS start FROM unnest(${before}::int[], ${after}::int[]) AS m(before, after)
    JOIN chunk c ON c.host_id = ${move.from} AND c.series_id = m.before AND c.resolution = ${code}
    JOIN chunk o ON o.host_id = ${move.into} AND o.series_id = m.after AND o.resolution = ${code}
      AND ${spanOf(Prisma.sql`o.start`)} = ${spanOf(Prisma.sql`c.start`)}`;
  return rows.map(({ start }) => start);
}

async function startsOf(tx: Connection, hostId: number, resolution: Resolution): Promise<number[]> {
  const rows = await tx.$queryRaw<{ start: number }[]>`
    SELECT DISTINCT (extract(epoch FROM start) * 1000)::float8 AS start FROM chunk
    WHERE host_id = ${hostId} AND resolution = ${RESOLUTIONS[resolution].code} ORDER BY start`;
  return rows.map(({ start }) => start);
}

/** The data of one span, of the series of both hosts, by the id of the series that stays. */
async function readBoth(tx: Connection, move: HostMove, resolution: Resolution, start: number, series: Pair[]) {
  const [before, after] = columnsOf(series);
  const range = { from: start, to: start + 1 };
  const moved = await readChunks(tx, move.from, before, resolution, range);
  const kept = await readChunks(tx, move.into, after, resolution, range);
  const keptOf = new Map(kept.map(({ seriesId, data }) => [seriesId, data]));
  const idOf = new Map(series.map((pair) => [pair.before, pair.after]));
  return moved.map(({ seriesId, data }) => {
    const id = idOf.get(seriesId) as number;
    return { id, moved: data, kept: keptOf.get(id) as Uint8Array };
  });
}

async function joinBuckets(tx: Connection, move: HostMove, resolution: Resolution, start: number, series: Pair[]) {
  const both = await readBoth(tx, move, resolution, start, series);
  const ids = both.map(({ id }) => id);
  const kinds = await readKinds(tx, move.into, ids);
  const rows = both.map(({ id, moved, kept }) => {
    const steps = joinSteps([decodeSteps(moved), decodeSteps(kept)]);
    const all = foldSteps(steps, { stepMs: RESOLUTIONS[resolution].stepMs });
    return stepsRow({ seriesId: id, resolution, start }, all, kinds.get(id));
  });
  await writeChunks(tx, move.into, rows);
}

async function joinSamples(tx: Connection, move: HostMove, start: number, series: Pair[]): Promise<void> {
  const both = await readBoth(tx, move, "raw", start, series);
  const samples = new Map(
    both.map(({ id, moved, kept }) => [id, mergeSamples(decodeSamples(moved), decodeSamples(kept))]),
  );
  await storeSamples(tx, spanAt(move.into, start), [samples]);
}
