import type { MetricKind, Resolution } from "#lib/contract/enums.ts";
import type { Reader } from "#lib/db/reading.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { Turn } from "#lib/time/turn.ts";
import { decodeBuckets } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { unrollBuckets } from "#lib/tsdb/chunks/unroll.ts";
import { joinRuns, NO_SAMPLES, type Samples } from "#lib/tsdb/query/samples.ts";
import { keyOf, type Range, type SeriesKey } from "#lib/tsdb/query/series-key.ts";

type Series = SeriesKey & { kind: MetricKind };
type Part = { series: Series; until: number };
type Coarse = Exclude<Resolution, "raw">;

/** Between two samples that steps are read as: hours as every two minutes, so that a window of five has a rate. */
const EVERY_MS: Record<Coarse, number> = { minute: MINUTE_MS, hour: 2 * MINUTE_MS };

type Kept = { hostId: number; sourceId: number; raw: number | null; minute: number | null };

/** Since when (ms) raw samples and minutes of the sources of series are kept; null where nothing of it is. */
function readKept(db: Reader, series: readonly Series[]): Promise<Kept[]> {
  return db.$queryRaw<Kept[]>`
    SELECT k.host_id AS "hostId", k.source_id AS "sourceId", (extract(epoch FROM k.minute) * 1000)::float8 AS minute,
      (extract(epoch FROM least(k.raw, (
        SELECT at FROM frame f WHERE f.host_id = k.host_id AND f.source_id = k.source_id ORDER BY at LIMIT 1
      ))) * 1000)::float8 AS raw
    FROM (
      SELECT s.host_id, s.source_id, min(raw.start) AS raw, min(minute.start) AS minute
      FROM unnest(${series.map((s) => s.hostId)}::int[], ${series.map((s) => s.sourceId)}::int[], ${series.map((s) => s.id)}::int[]) AS s (host_id, source_id, id)
      LEFT JOIN LATERAL (SELECT start FROM chunk WHERE host_id = s.host_id AND series_id = s.id
        AND resolution = ${RESOLUTIONS.raw.code} ORDER BY start LIMIT 1) raw ON true
      LEFT JOIN LATERAL (SELECT start FROM chunk WHERE host_id = s.host_id AND series_id = s.id
        AND resolution = ${RESOLUTIONS.minute.code} ORDER BY start LIMIT 1) minute ON true
      GROUP BY s.host_id, s.source_id
    ) k`;
}

/** From when on (ms) a finer resolution is kept of each series: up to there each resolution stands in for it. */
function partsOf(series: readonly Series[], { from }: Range, kept: readonly Kept[]): Record<Coarse, Part[]> {
  const bySource = new Map(kept.map((own) => [keyOf(own.hostId, own.sourceId), own]));
  const parts: Record<Coarse, Part[]> = { minute: [], hour: [] };
  const add = (resolution: Coarse, own: Series, until: number) => {
    if (until - from >= RESOLUTIONS[resolution].stepMs) parts[resolution].push({ series: own, until });
  };
  for (const own of series) {
    const { raw, minute } = bySource.get(keyOf(own.hostId, own.sourceId)) ?? { raw: null, minute: null };
    const fromRaw = raw ?? Number.POSITIVE_INFINITY;
    add("minute", own, fromRaw);
    add("hour", own, Math.min(minute ?? fromRaw, fromRaw));
  }
  return parts;
}

type Row = { hostId: number; seriesId: number; base64: string };

function readRows(db: Reader, parts: readonly Part[], resolution: Coarse, { from, to }: Range): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT c.host_id AS "hostId", c.series_id AS "seriesId", encode(c.data, 'base64') AS base64
    FROM unnest(${parts.map((p) => p.series.hostId)}::int[], ${parts.map((p) => p.series.id)}::int[],
      ${parts.map(({ until }) => Math.min(until, to) / 1_000)}::float8[]) AS p (host_id, id, until)
    JOIN chunk c ON c.host_id = p.host_id AND c.series_id = p.id AND c.resolution = ${RESOLUTIONS[resolution].code}
      AND c.start >= ${new Date(chunkStart(from, resolution))} AND c.start < to_timestamp(p.until)
    ORDER BY c.host_id, c.series_id, c.start`;
}

/** What steps of parts are as samples, by the keys of their series; undefined where these are more than `most`. */
async function readParts(
  db: Reader,
  parts: readonly Part[],
  { resolution, range, most }: { resolution: Coarse; range: Range; most: number },
): Promise<Map<string, Samples> | undefined> {
  const runs = new Map<string, Samples>();
  if (parts.length === 0) return runs;
  const { stepMs } = RESOLUTIONS[resolution];
  const everyMs = EVERY_MS[resolution];
  const rows = Map.groupBy(await readRows(db, parts, resolution, range), ({ hostId, seriesId }) =>
    keyOf(hostId, seriesId),
  );
  const turn = new Turn();
  let left = most;
  for (const { series, until } of parts) {
    const key = keyOf(series.hostId, series.id);
    const buckets = (rows.get(key) ?? [])
      .flatMap(({ base64 }) => decodeBuckets(Buffer.from(base64, "base64")))
      .filter(({ start }) => start + stepMs > range.from && start < until);
    left -= buckets.length * (stepMs / everyMs);
    if (left < 0) return undefined;
    const { times, values } = unrollBuckets(buckets, { stepMs, everyMs, kind: series.kind });
    const to = Math.min(range.to, until);
    const within = (_: number, n: number) => (times[n] as number) >= range.from && (times[n] as number) < to;
    runs.set(key, { times: Float64Array.from(times.filter(within)), values: Float64Array.from(values.filter(within)) });
    if (turn.isOver) await turn.end();
  }
  return runs;
}

/**
 * What is kept of the part of a range whose raw samples are gone, as samples that stand for it (as `unrollBuckets` has them), in the order of the series.
 * Where raw samples are kept and there are none, nothing was measured, and nothing stands in for it.
 * @returns undefined where these would be more than `most`
 */
export async function readOlderSamples(
  db: Reader,
  series: readonly Series[],
  range: Range,
  most: number,
): Promise<Samples[] | undefined> {
  if (series.length === 0) return [];
  const parts = partsOf(series, range, await readKept(db, series));
  const hours = await readParts(db, parts.hour, { resolution: "hour", range, most });
  const count = [...(hours?.values() ?? [])].reduce((sum, { times }) => sum + times.length, 0);
  const minutes = hours && (await readParts(db, parts.minute, { resolution: "minute", range, most: most - count }));
  return (
    minutes &&
    series.map(({ hostId, id }) => {
      const key = keyOf(hostId, id);
      return joinRuns(hours.get(key) ?? NO_SAMPLES, minutes.get(key) ?? NO_SAMPLES);
    })
  );
}
