import { Prisma } from "#lib/db/generated/client.ts";
import type { Reader } from "#lib/db/reading.ts";
import { Turn } from "#lib/time/turn.ts";
import { EMPTY_SAMPLES, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";

/** Where a series is stored. */
export type SeriesKey = { hostId: number; sourceId: number; id: number };
/** Instants in [from, to), ms since the epoch. */
export type Range = { from: number; to: number };

/** What a series is found by among those of several hosts. */
export const keyOf = (hostId: number, id: number): string => `${hostId}.${id}`;

const NUMBER_BYTES = 8;
const columnsOf = (series: readonly SeriesKey[]) => ({
  hosts: series.map(({ hostId }) => hostId),
  ids: series.map(({ id }) => id),
});

/**
 * The frames of one schema as one run of bytes: of each its instant and the values at some positions, as PostgreSQL sends arrays. In base64, since Prisma
 * takes longer for bytes than the query does.
 */
type FrameRun = { hostId: number; intervalMs: number; ids: number[]; positions: number[]; base64: string };

/** A slice of a frame's values is sent, or where it would be that many times as long as what is wanted of it, each value by its position. */
const WIDEST_SLICE = 8;

/** The frames of a range in which series have values; `positions` counts from the first value that is sent. */
function readRuns(db: Reader, series: readonly SeriesKey[], { from, to }: Range): Promise<FrameRun[]> {
  const { hosts, ids } = columnsOf(series);
  const span = Prisma.sql`f.at >= ${new Date(from)} AND f.at < ${new Date(to)}`;
  // Of a source with many schemas, most of them from another time, only those are read that have frames in the range.
  return db.$queryRaw<FrameRun[]>`
    WITH schemas AS MATERIALIZED (
      SELECT fs.host_id, fs.source_id, fs.id, fs.interval_ms, w.*, w.high - w.low < ${WIDEST_SLICE}::int * cardinality(w.ids) AS sliced,
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
    SELECT s.host_id AS "hostId", s.interval_ms AS "intervalMs", s.ids, encode(run.data, 'base64') AS base64,
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
const EMPTY_ARRAY = 12;
const LENGTH_AT = 12;

/** The columns of a run of frames, by the positions of the values that are sent; those without a value are left out. */
function decodeRun({ base64, positions, intervalMs }: FrameRun): SampleColumns[] {
  const data = Buffer.from(base64, "base64");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const most = Math.ceil(view.byteLength / (NUMBER_BYTES + ARRAY_HEADER + 4));
  const columns = positions.map(() => new ColumnWriter(most));
  const byPosition: (ColumnWriter | undefined)[] = new Array(Math.max(...positions) + 1).fill(undefined);
  for (const [n, position] of positions.entries()) byPosition[position] = columns[n];
  for (let at = 0; at < view.byteLength; ) {
    const dimensions = view.getInt32(at + NUMBER_BYTES);
    if (dimensions === 0) {
      // The frame ends before the first of them.
      at += NUMBER_BYTES + EMPTY_ARRAY;
      continue;
    }
    const time = (view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)) / 1000 + PG_EPOCH_MS;
    const width = view.getInt32(at + NUMBER_BYTES + LENGTH_AT);
    at += NUMBER_BYTES + ARRAY_HEADER;
    for (let position = 0; position < width; position++) {
      const length = view.getInt32(at);
      at += 4;
      // Minus one is NULL.
      if (length < 0) continue;
      byPosition[position]?.add(time, view.getUint32(at), view.getUint32(at + 4));
      at += NUMBER_BYTES;
    }
  }
  return columns.map((column) => column.done(intervalMs));
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

  done(intervalMs: number): SampleColumns {
    return {
      times: this.#times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      intervals: new Float64Array(this.#count).fill(intervalMs),
    };
  }
}

/** What is not compacted yet of series, by their keys: samples of [from, to), oldest first. NaNs keep their bits. */
export async function readTails(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
): Promise<Map<string, SampleColumns>> {
  const tails = new Map<string, SampleColumns>();
  const turn = new Turn();
  for (const run of await readRuns(db, series, range)) {
    for (const [n, column] of decodeRun(run).entries()) {
      const key = keyOf(run.hostId, run.ids[n] as number);
      tails.set(key, mergeSamples(tails.get(key) ?? EMPTY_SAMPLES, column));
    }
    if (turn.isOver) await turn.end();
  }
  return tails;
}
