import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { decodeSamples, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

/** Where a series is stored. */
type SeriesPlace = { hostId: number; sourceId: number; id: number };
/** Instants in [from, to), ms since the epoch. */
type Range = { from: number; to: number };

/** Samples of one series as columns, oldest first. */
export type Samples = { times: Float64Array; values: Float64Array };

const NUMBER_BYTES = 8;
/** So many frame schemas are read by one statement. */
const SCHEMAS_A_READ = 40;

/** Eight bytes that stand for no value: a NaN that no arithmetic makes. */
const MISSING = Prisma.raw("'\\x7ff800005164e0fe'::bytea");
const [MISSING_HIGH, MISSING_LOW] = [0x7f_f8_00_00, 0x51_64_e0_fe];

const keyOf = (hostId: number, id: number): string => `${hostId}.${id}`;
const EMPTY: SampleColumns = { times: new Float64Array(), values: new Float64Array(), intervals: new Float64Array() };

const columnsOf = (series: readonly SeriesPlace[]) => ({
  hosts: series.map(({ hostId }) => hostId),
  ids: series.map(({ id }) => id),
});

/** How many samples of series a range holds, frames counted as if all their series were wanted of each source, and no further than `most`. */
export async function countSamplesOfHosts(
  db: Connection,
  series: readonly SeriesPlace[],
  range: Range,
  most: number,
): Promise<number> {
  const { hosts, ids } = columnsOf(series);
  const sources = [...Map.groupBy(series, ({ hostId, sourceId }) => keyOf(hostId, sourceId)).values()];
  const widest = Math.max(1, ...sources.map((members) => members.length));
  const firsts = sources.map(([first]) => first as SeriesPlace);
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
  series: readonly SeriesPlace[],
  range: Range,
): Promise<Map<string, SampleColumns>> {
  const { hosts, ids } = columnsOf(series);
  const rows = await db.$queryRaw<{ hostId: number; seriesId: number; data: Uint8Array }[]>`
    SELECT c.host_id AS "hostId", c.series_id AS "seriesId", c.data FROM unnest(${hosts}::int[], ${ids}::int[]) AS s (host_id, id)
    JOIN chunk c ON c.host_id = s.host_id AND c.series_id = s.id AND c.resolution = ${RESOLUTIONS.raw.code}
      AND c.start >= ${new Date(chunkStart(range.from, "raw"))} AND c.start < ${new Date(range.to)}
    ORDER BY c.host_id, c.series_id, c.start`;
  const runs = Map.groupBy(rows, ({ hostId, seriesId }) => keyOf(hostId, seriesId));
  return new Map(
    [...runs].map(([key, chunks]) => [key, concatenate(chunks.map(({ data }) => within(decodeSamples(data), range)))]),
  );
}

/** The part of a run in [from, to). */
function within(run: SampleColumns, { from, to }: Range): SampleColumns {
  const { times, values, intervals } = run;
  let [first, end] = [0, times.length];
  while (first < end && (times[first] as number) < from) first++;
  while (end > first && (times[end - 1] as number) >= to) end--;
  if (end - first === times.length) return run;
  return { times: times.slice(first, end), values: values.slice(first, end), intervals: intervals.slice(first, end) };
}

/** Runs that follow one another as one. */
function concatenate(runs: SampleColumns[]): SampleColumns {
  if (runs.length <= 1) return runs[0] ?? EMPTY;
  const column = (pick: (run: SampleColumns) => Float64Array) => {
    const all = new Float64Array(runs.reduce((sum, run) => sum + run.times.length, 0));
    let at = 0;
    for (const run of runs) {
      all.set(pick(run), at);
      at += run.times.length;
    }
    return all;
  };
  return { times: column((run) => run.times), values: column((run) => run.values), intervals: new Float64Array() };
}

type Schema = { id: number; hostId: number; sourceId: number; seriesIds: number[] };

/** The frames of one schema as one run of bytes: the instants, then each wanted series' values, 8 bytes each. */
const framesOf = ({ id, hostId, sourceId }: Schema, indexes: number[], { from, to }: Range) => Prisma.sql`
  SELECT ${id}::int AS id, string_agg(int8send((extract(epoch FROM at) * 1000)::int8), ''::bytea)
    || ${Prisma.join(
      indexes.map((n) => Prisma.sql`string_agg(coalesce(float8send("values"[${n}::int]), ${MISSING}), ''::bytea)`),
      " || ",
    )} AS data
  FROM (
    SELECT at, "values" FROM frame WHERE host_id = ${hostId} AND source_id = ${sourceId} AND frame_schema_id = ${id}
      AND at >= ${new Date(from)} AND at < ${new Date(to)} ORDER BY at
  ) f`;

/** One column of a run of frames, those without a value left out. */
function columnOf(data: DataView, count: number, n: number): SampleColumns {
  const [times, values] = [new Float64Array(count), new Float64Array(count)];
  const words = new Uint32Array(values.buffer);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const at = ((n + 1) * count + i) * NUMBER_BYTES;
    const [high, low] = [data.getUint32(at), data.getUint32(at + 4)];
    if (high === MISSING_HIGH && low === MISSING_LOW) continue;
    // By words, since a NaN's bits may not survive as a number.
    words[2 * kept] = low;
    words[2 * kept + 1] = high;
    times[kept] = data.getInt32(i * NUMBER_BYTES) * 2 ** 32 + data.getUint32(i * NUMBER_BYTES + 4);
    kept += 1;
  }
  return { times: times.subarray(0, kept), values: values.subarray(0, kept), intervals: new Float64Array() };
}

/** What is not compacted yet of series, by their keys. */
async function readTails(
  db: Connection,
  series: readonly SeriesPlace[],
  range: Range,
): Promise<Map<string, SampleColumns>> {
  const { hosts, ids } = columnsOf(series);
  const schemas = await db.$queryRaw<Schema[]>`
    SELECT id, host_id AS "hostId", source_id AS "sourceId", series_ids AS "seriesIds" FROM frame_schema
    WHERE host_id = ANY(${[...new Set(hosts)]}::int[]) AND series_ids && ${ids}::int[]`;
  const wanted = new Set(series.map(({ hostId, id }) => keyOf(hostId, id)));
  const tails = new Map<string, SampleColumns>();
  for (let n = 0; n < schemas.length; n += SCHEMAS_A_READ) {
    const batch = schemas.slice(n, n + SCHEMAS_A_READ).map((schema) => ({
      schema,
      present: schema.seriesIds.flatMap((id, i) =>
        wanted.has(keyOf(schema.hostId, id)) ? [{ id, index: i + 1 }] : [],
      ),
    }));
    const parts = batch.map(({ schema, present }) =>
      framesOf(
        schema,
        present.map(({ index }) => index),
        range,
      ),
    );
    const rows = await db.$queryRaw<{ id: number; data: Uint8Array | null }[]>(Prisma.join(parts, " UNION ALL "));
    const byId = new Map(rows.map(({ id, data }) => [id, data]));
    for (const { schema, present } of batch) {
      const data = byId.get(schema.id);
      if (!data) continue;
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const count = data.byteLength / NUMBER_BYTES / (present.length + 1);
      for (const [column, { id }] of present.entries()) {
        const key = keyOf(schema.hostId, id);
        tails.set(key, mergeSamples(tails.get(key) ?? EMPTY, columnOf(view, count, column)));
      }
    }
  }
  return tails;
}

/** All samples of series of any hosts in [from, to), compacted or not, in the order of the series. NaNs keep their bits. */
export async function readSamplesOfHosts(
  db: Connection,
  series: readonly SeriesPlace[],
  range: Range,
): Promise<Samples[]> {
  if (series.length === 0) return [];
  // First the frames: what is compacted in between is then there twice, and not missing.
  const tails = await readTails(db, series, range);
  const compacted = await readCompacted(db, series, range);
  return series.map(({ hostId, id }) => {
    const key = keyOf(hostId, id);
    const { times, values } = mergeSamples(compacted.get(key) ?? EMPTY, tails.get(key) ?? EMPTY);
    return { times, values };
  });
}
