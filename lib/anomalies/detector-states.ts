import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { latestNow } from "#lib/time/clock.ts";

/** A detector's saved state of one series (STATE_BYTES bytes), and the time (ms) of the newest sample in it. */
export type DetectorState = { seriesId: number; upTo: number; state: Uint8Array };

/** The saved states of all series of a host, in no order. */
export async function readDetectorStates(db: Connection, hostId: number): Promise<DetectorState[]> {
  const rows = await db.detectorState.findMany({ where: { hostId } });
  return rows.map(({ seriesId, upTo, state }) => ({ seriesId, upTo: upTo.getTime(), state }));
}

const BATCH = 200;

/** Saves states over those saved before. One that is older than the saved one is left out, unless that lies ahead of `now` (ms). */
export async function saveDetectorStates(
  db: Connection,
  hostId: number,
  states: DetectorState[],
  now: number,
): Promise<void> {
  // In one order whoever saves: two that save the same rows in different orders would wait for each other.
  const ordered = states.toSorted((a, b) => a.seriesId - b.seriesId);
  for (let from = 0; from < ordered.length; from += BATCH) {
    const rows = ordered
      .slice(from, from + BATCH)
      .map(
        ({ seriesId, upTo, state }) => Prisma.sql`(${hostId}, ${seriesId}, ${new Date(upTo)}, ${Buffer.from(state)})`,
      );
    await db.$executeRaw`
      INSERT INTO detector_state (host_id, series_id, up_to, state) VALUES ${Prisma.join(rows)}
      ON CONFLICT (host_id, series_id) DO UPDATE SET up_to = excluded.up_to, state = excluded.state
      WHERE detector_state.up_to < excluded.up_to OR detector_state.up_to > ${new Date(latestNow(now))}`;
  }
}
