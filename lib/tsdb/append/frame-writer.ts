import type { Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { isDataRefused } from "#lib/db/refusal.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { prepareFrame } from "#lib/tsdb/append/clean-frame.ts";
import { NOTIFY_FRAMES } from "#lib/tsdb/append/frame-notice.ts";
import type { FrameTarget, Registry } from "#lib/tsdb/catalog/registry.ts";
import { heldSeries } from "#lib/tsdb/held/held-series.ts";

/** A frame further ahead (ms) of the clock is refused. */
export const FUTURE_MS = HOUR_MS;
/** Why a frame, or a part of it, can never be stored; by its index among those that came with it. */
export type UnstoredPart = { index: number; reason: string };
type Listeners = {
  onFailure(index: number, error: unknown): void;
  onLeftOut?(index: number, reason: string): void;
};
type Row = { target: FrameTarget; frame: Frame };

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

  /** Stores a frame of a host. @throws as `appendAll` */
  append(hostId: number, frame: Frame): Promise<void> {
    return this.appendAll(hostId, [frame]);
  }

  /**
   * Stores frames of a host in one statement, all or none, without the readings that cannot be stored. Of two of one source and instant the
   * later one counts. Listeners are told of the newest of each source.
   * @throws DomainError validation where it is a frame that can never be stored; what the database says where it may be tried again
   */
  async appendAll(hostId: number, sent: Frame[]): Promise<void> {
    await this.#append(hostId, sent, {
      onFailure: (_, error) => {
        throw error;
      },
    });
  }

  /** As appendAll, but what can never be stored stops no other: answers which frames were refused, which readings were left out of others, and why. */
  async appendEach(hostId: number, sent: Frame[]): Promise<{ refused: UnstoredPart[]; leftOut: UnstoredPart[] }> {
    const refused: UnstoredPart[] = [];
    const leftOut: UnstoredPart[] = [];
    await this.#append(hostId, sent, {
      onFailure: (index, error) => {
        if (!isDomainError(error) || error.type !== "validation") throw error;
        refused.push({ index, reason: error.message });
      },
      onLeftOut: (index, reason) => leftOut.push({ index, reason }),
    });
    return { refused, leftOut };
  }

  async #append(hostId: number, sent: Frame[], { onFailure, onLeftOut }: Listeners): Promise<void> {
    const rows = new Map<string, Row>();
    try {
      for (const [index, raw] of sent.entries()) {
        try {
          const frame = prepareFrame(raw, Date.now() + FUTURE_MS, (reason) => onLeftOut?.(index, reason));
          const target = await this.#registry.resolve(hostId, frame);
          rows.set(`${target.sourceId}/${frame.at}`, { target, frame });
        } catch (error) {
          onFailure(index, error);
        }
      }
      await this.#insert([...rows.values()]);
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      throw Object.assign(new DomainError("validation", `The database refuses it: ${reasonOf(error)}`), {
        cause: error,
      });
    }
  }

  async #insert(rows: Row[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#ensurePartitions(rows);
    try {
      await insert(this.#db, rows);
    } catch (error) {
      if (!/no partition of relation/.test((error as Error).message)) throw error;
      // An old day's partition was dropped once it was compacted: a late frame makes it again.
      this.#partitions.clear();
      await this.#ensurePartitions(rows);
      await insert(this.#db, rows);
    }
  }

  /** Today's and tomorrow's, so that midnight costs nothing. */
  async #ensurePartitions(rows: Row[]): Promise<void> {
    for (const { frame } of rows) {
      const day = dayOf(frame.at);
      if (this.#partitions.has(day.getTime())) continue;
      const next = dayOf(frame.at + DAY_MS);
      await this.#db.$executeRaw`SELECT ensure_frame_partition(${day}::date), ensure_frame_partition(${next}::date)`;
      this.#partitions.add(day.getTime());
    }
  }
}

function rowOf({ target, frame }: Row): Prisma.Sql {
  const values = frame.readings.map((r) => r.value);
  return Prisma.sql`(${target.hostId}::int, ${target.sourceId}::int, ${new Date(frame.at)}::timestamptz, ${target.frameSchemaId}::int, ${values}::float8[])`;
}

async function insert(db: Database, rows: Row[]): Promise<void> {
  await db.$queryRaw`
    WITH stored AS (
      INSERT INTO frame (host_id, source_id, at, frame_schema_id, "values")
      VALUES ${Prisma.join(rows.map(rowOf))}
      ON CONFLICT (host_id, source_id, at) DO UPDATE SET frame_schema_id = excluded.frame_schema_id, "values" = excluded."values"
      WHERE (frame.frame_schema_id, frame."values") IS DISTINCT FROM (excluded.frame_schema_id, excluded."values")
      RETURNING host_id, source_id, at
    )
    SELECT ${Prisma.raw(NOTIFY_FRAMES)}::text
    FROM stored GROUP BY host_id, source_id`;
  for (const { target, frame } of rows) heldSeries().framesCame(target, frame.at);
}
