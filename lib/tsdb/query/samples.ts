import type { Reader } from "#lib/db/reading.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { Turn } from "#lib/time/turn.ts";
import { concatenate, decodeSamples, mergeSamples, type SampleColumns, within } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { keyOf, type Range, readTails, type SeriesKey } from "#lib/tsdb/query/frame-runs.ts";

/** Samples of one series as columns, oldest first. */
export type Samples = { times: Float64Array; values: Float64Array };

/** What a series without any sample has. */
export const NO_SAMPLES: Samples = { times: new Float64Array(), values: new Float64Array() };
const NO_INTERVALS = new Float64Array();

/** Two runs of samples as one, oldest first; of two at one instant the second run's counts. NaNs keep their bits. */
export function joinRuns(first: Samples, second: Samples): Samples {
  const [a, b] = [first, second].map((run) => ({ ...run, intervals: NO_INTERVALS })) as [SampleColumns, SampleColumns];
  const { times, values } = mergeSamples(a, b);
  return { times, values };
}

const columnsOf = (series: readonly SeriesKey[]) => ({
  hosts: series.map(({ hostId }) => hostId),
  ids: series.map(({ id }) => id),
});

/** The most samples that series can have in a range: nothing is sampled more often than each second. What cannot be too many is not counted. */
export const mostSamples = (series: number, { from, to }: Range): number => series * ((to - from) / SECOND_MS + 1);

/** How many samples of series a range holds, frames counted as if all their series were wanted of each source, and no further than `most`. */
export async function countSamplesOfHosts(
  db: Reader,
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
  db: Reader,
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

/** All samples of series of any hosts in [from, to), compacted or not, in the order of the series. NaNs keep their bits. `db` is one connection, or a transaction. */
export async function readSamplesOfHosts(db: Reader, series: readonly SeriesKey[], range: Range): Promise<Samples[]> {
  if (series.length === 0) return [];
  // First the frames: what is compacted in between is then there twice, and not missing. One connection does what is asked together in that order.
  const [tails, compacted] = await Promise.all([readTails(db, series, range), readCompacted(db, series, range)]);
  return series.map(({ hostId, id }) => {
    const key = keyOf(hostId, id);
    return joinRuns(compacted.get(key) ?? NO_SAMPLES, tails.get(key) ?? NO_SAMPLES);
  });
}
