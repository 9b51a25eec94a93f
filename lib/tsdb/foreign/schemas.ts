import { randomUUID } from "node:crypto";
import type { Connection, Database } from "#lib/db/client.ts";
import type { GrowingSchema, GrowingSource } from "#lib/tsdb/foreign/slot.ts";

/** So many series a frame has at most: then its row stays below the 2 KB from which PostgreSQL would compress it and store it elsewhere. */
export const MAX_WIDTH = 200;

/** Whether a schema is to be begun anew: there is no room in it, and most of its series have ended. */
function isSpent({ schema, slots }: GrowingSource, live: number, more: number): boolean {
  return schema.seriesIds.length + more > MAX_WIDTH && slots.size > 0 && live < schema.seriesIds.length / 2;
}

/** How many series a source takes: those that have ended make room. */
export function roomOf(source: GrowingSource): number {
  const free = MAX_WIDTH - source.schema.seriesIds.length;
  if (free > 0) return free;
  const live = source.live().length;
  return isSpent(source, live, 1) ? MAX_WIDTH - live : 0;
}

async function createSchema(
  tx: Connection,
  { hostId, id: sourceId }: GrowingSource,
  intervalMs: number,
  seriesIds: number[],
): Promise<GrowingSchema> {
  // A name instead of the hash of the series, which will be others.
  const data = { hostId, sourceId, intervalMs, seriesIds, seriesHash: `grows ${randomUUID()}` };
  const { id } = await tx.frameSchema.create({ data, select: { id: true } });
  return { id, seriesIds };
}

/** Appends series to a schema that other processes may have appended to. */
async function growSchema(tx: Connection, hostId: number, id: number, ids: number[]): Promise<GrowingSchema> {
  const rows = await tx.$queryRaw<{ seriesIds: number[] }[]>`
    UPDATE frame_schema SET series_ids = series_ids || ARRAY(
      SELECT w.id FROM unnest(${ids}::int[]) WITH ORDINALITY w (id, n) WHERE w.id <> ALL(series_ids) ORDER BY w.n)
    WHERE host_id = ${hostId} AND id = ${id} RETURNING series_ids AS "seriesIds"`;
  const [row] = rows;
  if (!row) throw new Error(`The frame schema ${id} of host ${hostId} is gone`);
  return { id, seriesIds: row.seriesIds };
}

/** The schema that has some series of a source: its present one, grown, or one that is begun anew. Within a transaction. */
export function schemaWith(tx: Connection, source: GrowingSource, ids: number[]): Promise<GrowingSchema> {
  if (source.schema.id === 0) return createSchema(tx, source, source.intervalMs, [...new Set(ids)]);
  const present = new Set(source.schema.seriesIds);
  const more = ids.filter((id) => !present.has(id)).length;
  const live = source.live().map(({ seriesId }) => seriesId);
  if (isSpent(source, live.length, more))
    return createSchema(tx, source, source.intervalMs, [...new Set([...live, ...ids])]);
  return growSchema(tx, source.hostId, source.schema.id, ids);
}

/** Has a source go on with another interval (ms): in the schema that it had of it, or in one with the series of now. */
export async function changeInterval(db: Database, source: GrowingSource, intervalMs: number): Promise<void> {
  const { hostId, id: sourceId } = source;
  const { seriesIds } = source.schema;
  const former = await db.frameSchema.findFirst({
    where: { hostId, sourceId, intervalMs },
    orderBy: { id: "desc" },
    select: { id: true, seriesIds: true },
  });
  const fits = former && new Set([...former.seriesIds, ...seriesIds]).size <= MAX_WIDTH;
  const schema = fits
    ? await growSchema(db, hostId, former.id, seriesIds)
    : await createSchema(db, source, intervalMs, [...seriesIds]);
  const positions = new Map(schema.seriesIds.map((id, position) => [id, position]));
  for (const slot of source.slots.values()) slot.position = positions.get(slot.seriesId) ?? -1;
  [source.schema, source.intervalMs] = [schema, intervalMs];
}
