import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { Turn } from "#lib/time/turn.ts";
import { concatenate, decodeSamples, mergeSamples, type SampleColumns, within } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

/** Where a series is stored. */
type SeriesKey = { hostId: number; sourceId: number; id: number };
/** Instants in [from, to), ms since the epoch. */
type Range = { from: number; to: number };

/** Samples of one series as columns, oldest first. */
export type Samples = { times: Float64Array; values: Float64Array };

const NONE: Samples = { times: new Float64Array(), values: new Float64Array() };
const NO_INTERVALS = new Float64Array();

/** Two runs of samples as one, oldest first; of two at one instant the second run's counts. NaNs keep their bits. */
export function joinRuns(first: Samples, second: Samples): Samples {
  const [a, b] = [first, second].map((run) => ({ ...run, intervals: NO_INTERVALS })) as [SampleColumns, SampleColumns];
  const { times, values } = mergeSamples(a, b);
  return { times, values };
}

const NUMBER_BYTES = 8;
const keyOf = (hostId: number, id: number): string => `${hostId}.${id}`;
const columnsOf = (series: readonly SeriesKey[]) => ({
  hosts: series.map(({ hostId }) => hostId),
  ids: series.map(({ id }) => id),
});

/** How many samples of series a range holds, frames counted as if all their series were wanted of each source, and no further than `most`. */
export async function countSamplesOfHosts(
  db: Connection,
  series: readonly SeriesKey[],
  range: Range,
  most: number,
): Promise<number> {
  const { hosts, ids } = columnsOf(series);
  const sources = [...Map.groupBy(series, ({ hostId, sourceId }) => keyOf(hostId, sourceId)).values()];
  const widest = Math.max(1, ...sources.map((members) => members.length));
  const firsts = sources.map(([first]) => first as SeriesKey);
  const [row] = await db.$queryRaw<{ compacted: number; frames: number }[]>`
    SELECT (
      SELECT coalesce(sum(c.count), 0)::float8 FROM unnest(${hosts}::int[], ${ids}::int[]) AS s (host_id, id)
      JOIN chunk c ON c.host_id = s.host_id AND c.series_id = s.id AND c.resolution = ${RESOLUTIONS.raw.code}
        AND c.start >= ${new Date(chunkStart(range.from, "raw"))} AND c.start < ${new Date(range.to)}
    ) AS compacted, (
      SELECT count(*)::float8 FROM (
        SELECT 1 FROM unnest(${firsts.map((s) => s.hostId)}::int[], ${firsts.map((s) => s.sourceId)}::int[]) AS s (host_id, id)
        JOIN frame f ON f.host_id = s.host_id AND f.source_id = s.id
          AND f.at >= ${new Date(range.from)} AND f.at < ${new Date(range.to)} LIMIT ${Math.ceil(most / widest) + 1}
      ) bounded
    ) AS frames`;
  return (row?.compacted ?? 0) + (row?.frames ?? 0) * widest;
}

/** What is compacted of series, by their keys: the parts in [from, to). */
async function readCompacted(
  db: Connection,
  series: readonly SeriesKey[],
  range: Range,
): Promise<Map<string, SampleColumns>> {
  const { hosts, ids } = columnsOf(series);
  const rows = await db.$queryRaw<{ hostId: number; seriesId: number; base64: string }[]>`
    SELECT c.host_id AS "hostId", c.series_id AS "seriesId", encode(c.data, 'base64') AS base64 FROM unnest(${hosts}::int[], ${ids}::int[]) AS s (host_id, id)
    JOIN chunk c ON c.host_id = s.host_id AND c.series_id = s.id AND c.resolution = ${RESOLUTIONS.raw.code}
      AND c.start >= ${new Date(chunkStart(range.from, "raw"))} AND c.start < ${new Date(range.to)}
    ORDER BY c.host_id, c.series_id, c.start`;
  const runs = new Map<string, SampleColumns>();
  const turn = new Turn();
  for (const [key, chunks] of Map.groupBy(rows, ({ hostId, seriesId }) => keyOf(hostId, seriesId))) {
    const parts: SampleColumns[] = [];
    for (const { base64 } of chunks) {
      parts.push(within(decodeSamples(Buffer.from(base64, "base64")), range));
      if (turn.isOver) await turn.end();
    }
    runs.set(key, concatenate(parts));
  }
  return runs;
}

/**
 * The frames of one schema as one run of bytes: of each its instant and the values at some positions, as PostgreSQL sends arrays. In base64, since Prisma
 * takes longer for bytes than the query does.
 */
type FrameRun = { hostId: number; ids: number[]; positions: number[]; base64: string };

/** A slice of a frame's values is sent, or where it would be that many times as long as what is wanted of it, each value by its position. */
const WIDEST_SLICE = 8;

/** The frames of a range in which series have values; `positions` counts from the first value that is sent. */
function readRuns(db: Connection, series: readonly SeriesKey[], { from, to }: Range): Promise<FrameRun[]> {
  const { hosts, ids } = columnsOf(series);
  const span = Prisma.sql`f.at >= ${new Date(from)} AND f.at < ${new Date(to)}`;
  // Of a source with many schemas, most of them from another time, only those are read that have frames in the range.
  return db.$queryRaw<FrameRun[]>`
    WITH schemas AS MATERIALIZED (
      SELECT fs.host_id, fs.source_id, fs.id, w.*, w.high - w.low < ${WIDEST_SLICE}::int * cardinality(w.ids) AS sliced,
        count(*) OVER (PARTITION BY fs.host_id, fs.source_id) > 1 AS many
      FROM frame_schema fs CROSS JOIN LATERAL (
        SELECT array_agg(u.id ORDER BY u.n) AS ids, array_agg(u.n::int ORDER BY u.n) AS indexes, min(u.n)::int AS low, max(u.n)::int AS high
        FROM unnest(fs.series_ids) WITH ORDINALITY u (id, n) WHERE u.id = ANY(${ids}::int[])
      ) w
      WHERE fs.host_id = ANY(${[...new Set(hosts)]}::int[]) AND fs.series_ids && ${ids}::int[]
    ), present AS MATERIALIZED (
      SELECT source.host_id, used.id FROM (SELECT DISTINCT host_id, source_id FROM schemas WHERE many) source
      CROSS JOIN LATERAL (
        SELECT DISTINCT f.frame_schema_id AS id FROM frame f
        WHERE f.host_id = source.host_id AND f.source_id = source.source_id AND ${span}
      ) used
    )
    SELECT s.host_id AS "hostId", s.ids, encode(run.data, 'base64') AS base64,
      CASE WHEN s.sliced THEN ARRAY(SELECT i - s.low FROM unnest(s.indexes) i) ELSE ARRAY(SELECT generate_series(0, cardinality(s.ids) - 1)) END AS positions
    FROM schemas s CROSS JOIN LATERAL (
      SELECT string_agg(timestamptz_send(f.at) || CASE WHEN s.sliced THEN array_send(f."values"[s.low:s.high])
        ELSE array_send(ARRAY(SELECT f."values"[i] FROM unnest(s.indexes) i)) END, ''::bytea) AS data
      FROM (
        SELECT f.at, f."values" FROM frame f
        WHERE f.host_id = s.host_id AND f.source_id = s.source_id AND f.frame_schema_id = s.id AND ${span} ORDER BY f.at
      ) f
    ) run
    WHERE (NOT s.many OR (s.host_id, s.id) IN (SELECT host_id, id FROM present)) AND run.data IS NOT NULL`;
}

/** What PostgreSQL counts microseconds from, ms since the epoch. */
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);
/** What comes before the values of an array: dimensions, flags, type, length and lower bound. */
const ARRAY_HEADER = 20;
const LENGTH_AT = 12;

/** The columns of a run of frames, by the positions of the values that are sent; those without a value are left out. */
function decodeRun({ base64, positions }: FrameRun): Samples[] {
  const data = Buffer.from(base64, "base64");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const most = Math.ceil(view.byteLength / (NUMBER_BYTES + ARRAY_HEADER + 4));
  const columns = positions.map(() => new ColumnWriter(most));
  const byPosition = new Map(positions.map((position, n) => [position, columns[n] as ColumnWriter]));
  for (let at = 0; at < view.byteLength; ) {
    const time = (view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)) / 1000 + PG_EPOCH_MS;
    const width = view.getInt32(at + NUMBER_BYTES + LENGTH_AT);
    at += NUMBER_BYTES + ARRAY_HEADER;
    for (let position = 0; position < width; position++) {
      const length = view.getInt32(at);
      at += 4;
      // Minus one is NULL.
      if (length < 0) continue;
      byPosition.get(position)?.add(time, view.getUint32(at), view.getUint32(at + 4));
      at += NUMBER_BYTES;
    }
  }
  return columns.map((column) => column.done());
}

/** Takes the samples of one column one after another. Values come by words, since a NaN's bits may not survive as a number. */
class ColumnWriter {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #words: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#times = new Float64Array(most);
    this.#values = new Float64Array(most);
    this.#words = new Uint32Array(this.#values.buffer);
  }

  add(time: number, high: number, low: number): void {
    this.#times[this.#count] = time;
    this.#words[2 * this.#count] = low;
    this.#words[2 * this.#count + 1] = high;
    this.#count += 1;
  }

  done(): Samples {
    return { times: this.#times.subarray(0, this.#count), values: this.#values.subarray(0, this.#count) };
  }
}

/** What is not compacted yet of series, by their keys. */
async function readTails(db: Connection, series: readonly SeriesKey[], range: Range): Promise<Map<string, Samples>> {
  const tails = new Map<string, Samples>();
  const turn = new Turn();
  for (const run of await readRuns(db, series, range)) {
    for (const [n, column] of decodeRun(run).entries()) {
      const key = keyOf(run.hostId, run.ids[n] as number);
      tails.set(key, joinRuns(tails.get(key) ?? NONE, column));
    }
    if (turn.isOver) await turn.end();
  }
  return tails;
}

/** All samples of series of any hosts in [from, to), compacted or not, in the order of the series. NaNs keep their bits. */
export async function readSamplesOfHosts(
  db: Connection,
  series: readonly SeriesKey[],
  range: Range,
): Promise<Samples[]> {
  if (series.length === 0) return [];
  // First the frames: what is compacted in between is then there twice, and not missing.
  const tails = await readTails(db, series, range);
  const compacted = await readCompacted(db, series, range);
  return series.map(({ hostId, id }) => {
    const key = keyOf(hostId, id);
    return joinRuns(compacted.get(key) ?? NONE, tails.get(key) ?? NONE);
  });
}
