import type { Connection } from "#lib/db/client.ts";
import type { Reader } from "#lib/db/reading.ts";
import { APART_SOURCES } from "#lib/metrics/frame.ts";
import { latestNow } from "#lib/time/clock.ts";

/** When the newest frame of each host, or of one, up to now (ms) is from, by the host's id; hosts without any are not in it. */
export async function newestFrameAt(db: Connection, now: number, hostId?: number): Promise<Map<number, Date>> {
  const rows = await db.$queryRaw<{ hostId: number; at: Date }[]>`
    SELECT s.host_id AS "hostId", max(f.at) AS at
    FROM source s CROSS JOIN LATERAL (
      SELECT at FROM frame WHERE host_id = s.host_id AND source_id = s.id AND at <= ${new Date(latestNow(now))} ORDER BY at DESC LIMIT 1
    ) f WHERE s.kind <> ALL(${APART_SOURCES}) AND s.host_id = coalesce(${hostId ?? null}::int, s.host_id) GROUP BY s.host_id`;
  return new Map(rows.map(({ hostId, at }) => [hostId, at]));
}

/**
 * The newest values of some gauges of all hosts at `now` (ms), the highest where a metric has several series, by host and metric. Only of frames
 * that are at most `maxAgeMs` old.
 */
export async function newestGauges(
  db: Connection,
  metrics: string[],
  now: number,
  maxAgeMs: number,
): Promise<Map<number, Map<string, number>>> {
  const rows = await db.$queryRaw<{ hostId: number; metric: string; value: number }[]>`
    SELECT s.host_id AS "hostId", s.metric,
      max(f."values"[array_position(fs.series_ids, s.id)]) FILTER (WHERE abs(f."values"[array_position(fs.series_ids, s.id)]) < 'Infinity') AS value
    FROM (SELECT DISTINCT host_id, source_id FROM series WHERE metric = ANY(${metrics})) o
    CROSS JOIN LATERAL (
      SELECT frame_schema_id, "values" FROM frame WHERE host_id = o.host_id AND source_id = o.source_id
        AND at > ${new Date(now - maxAgeMs)} AND at <= ${new Date(latestNow(now))} ORDER BY at DESC LIMIT 1
    ) f
    JOIN frame_schema fs ON fs.host_id = o.host_id AND fs.id = f.frame_schema_id
    JOIN series s ON s.host_id = o.host_id AND s.source_id = o.source_id AND s.metric = ANY(${metrics})
    GROUP BY s.host_id, s.metric`;
  const found = new Map<number, Map<string, number>>();
  for (const { hostId, metric, value } of rows) {
    if (value === null) continue;
    const own = found.get(hostId) ?? new Map<string, number>();
    found.set(hostId, own.set(metric, value));
  }
  return found;
}

/** The newest frame that proves that frames are being stored, and the newest that lies ahead of what clocks differ by. */
export type SignOfLife = { at: Date | null; ahead: Date | null };

/**
 * Is a frame of since `from` (ms) there that proves life at `now` (ms)? Where a clock was set back, frames lie ahead, and those around now
 * may be of before: of a source with frames ahead only what was stored later than these counts. Transaction ids tell the order.
 */
export async function readSignOfLife(db: Reader, from: number, now: number): Promise<SignOfLife> {
  const [row] = await db.$queryRaw<SignOfLife[]>`
    SELECT max(fresh.at) AS at, max(ahead.at) FILTER (WHERE ahead.at > ${new Date(latestNow(now))}) AS ahead
    FROM source s
    LEFT JOIN LATERAL (
      SELECT at, age(xmin) AS age FROM frame WHERE host_id = s.host_id AND source_id = s.id AND at > ${new Date(now)} ORDER BY at DESC LIMIT 1
    ) ahead ON true
    LEFT JOIN LATERAL (
      SELECT f.at FROM frame f WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at >= ${new Date(from)}
        AND f.at <= ${new Date(latestNow(now))} AND (ahead.at IS NULL OR age(f.xmin) <= ahead.age) ORDER BY f.at DESC LIMIT 1
    ) fresh ON true
    WHERE s.kind <> ALL(${APART_SOURCES})`;
  return row ?? { at: null, ahead: null };
}

/** When the newest frame of each source of a host is from (ms), by kind and name with a slash between. */
export type SourceNewest = Map<string, number>;

/** The newest frames up to now (ms) of a host's sources. */
export async function newestBySource(db: Connection, hostId: number, now: number): Promise<SourceNewest> {
  const rows = await db.$queryRaw<{ source: string; at: Date }[]>`
    SELECT s.kind || '/' || s.name AS source, f.at
    FROM source s CROSS JOIN LATERAL (
      SELECT at FROM frame WHERE host_id = s.host_id AND source_id = s.id AND at <= ${new Date(latestNow(now))} ORDER BY at DESC LIMIT 1
    ) f WHERE s.host_id = ${hostId} AND s.kind <> ALL(${APART_SOURCES})`;
  return new Map(rows.map(({ source, at }) => [source, at.getTime()]));
}
