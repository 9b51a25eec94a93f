import type { Database } from "#lib/db/client.ts";
import { log } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { cleanFrame } from "#lib/tsdb/append/clean-frame.ts";
import type { FrameTarget, Registry } from "#lib/tsdb/catalog/registry.ts";

export const FRAME_CHANNEL = "sightline_frame";

/** What listeners are told after a frame is committed; times in ms since the epoch. */
export type FrameNotice = { host: number; source: number; at: number; storedAt: number };

/** A frame further ahead (ms) of the clock is refused. */
export const FUTURE_MS = HOUR_MS;
const dayOf = (at: number) => new Date(Math.floor(at / DAY_MS) * DAY_MS);

/**
 * Appends frames. In the steady state one round trip a frame: the row and the notice, which PostgreSQL delivers at
 * commit. A frame that is there already is left as it is and not told of again, so a replay is harmless; another one at
 * the same instant takes its place.
 */
export class FrameWriter {
  readonly #db: Database;
  readonly #registry: Registry;
  readonly #partitions = new Set<number>();

  constructor(db: Database, registry: Registry) {
    this.#db = db;
    this.#registry = registry;
  }

  /**
   * Stores a frame of a host, without the readings that cannot be stored. One from further in the future than clocks differ is refused: it
   * would stay the newest for as long.
   */
  async append(hostId: number, sent: Frame): Promise<void> {
    if (sent.at > Date.now() + FUTURE_MS) {
      log.warn(
        { at: new Date(sent.at).toISOString(), source: sent.source.kind },
        "a frame from the future was refused: is the clock right?",
      );
      return;
    }
    const frame = cleanFrame(sent);
    const target = await this.#registry.resolve(hostId, frame);
    await this.#ensurePartitions(frame.at);
    try {
      await insert(this.#db, target, frame);
    } catch (error) {
      if (!/no partition of relation/.test((error as Error).message)) throw error;
      // An old day's partition was dropped once it was compacted: a late frame makes it again.
      this.#partitions.clear();
      await this.#ensurePartitions(frame.at);
      await insert(this.#db, target, frame);
    }
  }

  /** Today's and tomorrow's, so that midnight costs nothing. */
  async #ensurePartitions(at: number): Promise<void> {
    const day = dayOf(at);
    if (this.#partitions.has(day.getTime())) return;
    const next = dayOf(at + DAY_MS);
    await this.#db.$executeRaw`SELECT ensure_frame_partition(${day}::date), ensure_frame_partition(${next}::date)`;
    this.#partitions.add(day.getTime());
  }
}

async function insert(db: Database, target: FrameTarget, frame: Frame): Promise<void> {
  const values = frame.readings.map((r) => r.value);
  const at = new Date(frame.at);
  await db.$queryRaw`
    WITH stored AS (
      INSERT INTO frame (host_id, source_id, at, frame_schema_id, "values")
      VALUES (${target.hostId}::int, ${target.sourceId}::int, ${at}::timestamptz, ${target.frameSchemaId}::int, ${values}::float8[])
      ON CONFLICT (host_id, source_id, at) DO UPDATE SET frame_schema_id = excluded.frame_schema_id, "values" = excluded."values"
      WHERE (frame.frame_schema_id, frame."values") IS DISTINCT FROM (excluded.frame_schema_id, excluded."values")
      RETURNING host_id, source_id
    )
    SELECT pg_notify(${FRAME_CHANNEL}, json_build_object(
      'host', host_id, 'source', source_id, 'at', ${frame.at}::float8,
      'storedAt', round(extract(epoch FROM clock_timestamp()) * 1000, 1))::text)::text
    FROM stored`;
}
