import type { Reader } from "#lib/db/reading.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { readKept } from "#lib/tsdb/query/kept.ts";
import { keyOf, type Range, type SeriesKey } from "#lib/tsdb/query/series-key.ts";

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

/** All samples of series of any hosts in [from, to), compacted or not, in the order of the series. NaNs keep their bits. Nobody may change them. */
export async function readSamplesOfHosts(db: Reader, series: readonly SeriesKey[], range: Range): Promise<Samples[]> {
  return (await readKept(db, series, range, "raw")).map(({ run: { times, values } }) => ({ times, values }));
}
