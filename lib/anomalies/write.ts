import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** A detector's state of one series, and the time (ms) of the newest sample in it. */
export type SavedState = { seriesId: number; upTo: number; state: Uint8Array };

export async function readStates(db: Connection, hostId: number): Promise<SavedState[]> {
  const rows = await db.detectorState.findMany({ where: { hostId } });
  return rows.map(({ seriesId, upTo, state }) => ({ seriesId, upTo: upTo.getTime(), state }));
}

const BATCH = 200;

/** Stores states over those stored before; one that is older than the stored one is left out. */
export async function saveStates(db: Connection, hostId: number, states: SavedState[]): Promise<void> {
  for (let from = 0; from < states.length; from += BATCH) {
    const rows = states
      .slice(from, from + BATCH)
      .map(
        ({ seriesId, upTo, state }) => Prisma.sql`(${hostId}, ${seriesId}, ${new Date(upTo)}, ${Buffer.from(state)})`,
      );
    await db.$executeRaw`
      INSERT INTO detector_state (host_id, series_id, up_to, state) VALUES ${Prisma.join(rows)}
      ON CONFLICT (host_id, series_id) DO UPDATE SET up_to = excluded.up_to, state = excluded.state
      WHERE detector_state.up_to < excluded.up_to`;
  }
}

/** An event as the detector sees it now: the same one again only moves it on. Times in ms. */
export type EventNow = {
  seriesId: number;
  byLimit: boolean;
  detectedAt: number;
  lastAt: number;
  endedAt: number | null;
} & Pick<
  Prisma.PerformanceAnomalyUncheckedCreateInput,
  | "metric"
  | "series"
  | "type"
  | "direction"
  | "severity"
  | "score"
  | "evidence"
  | "confidence"
  | "value"
  | "expected"
  | "deviation"
  | "reason"
>;

/** An incident that has gone on for so long (ms) takes in no more, or a limit that stays raised would gather everything. */
const LONGEST_MS = HOUR_MS;

/** The incident that an event belongs to: one whose activity is less than `pauseMs` away, or a new one. */
async function incidentFor(tx: Connection, hostId: number, event: EventNow, pauseMs: number): Promise<number> {
  const near = await tx.incident.findFirst({
    where: {
      hostId,
      startedAt: { lte: new Date(event.detectedAt + pauseMs), gte: new Date(event.detectedAt - LONGEST_MS) },
      lastAt: { gte: new Date(event.detectedAt - pauseMs) },
    },
    orderBy: { lastAt: "desc" },
  });
  if (near) return near.id;
  const at = new Date(event.detectedAt);
  return (await tx.incident.create({ data: { hostId, startedAt: at, lastAt: at } })).id;
}

async function write(tx: Connection, hostId: number, event: EventNow, pauseMs: number): Promise<void> {
  const { seriesId, byLimit, detectedAt, lastAt, endedAt, ...told } = event;
  const key = { hostId, seriesId, byLimit, detectedAt: new Date(detectedAt) };
  const known = await tx.performanceAnomaly.findUnique({ where: { hostId_seriesId_detectedAt_byLimit: key } });
  const times = { lastAt: new Date(lastAt), endedAt: endedAt === null ? null : new Date(endedAt) };
  const incidentId = known?.incidentId ?? (await incidentFor(tx, hostId, event, pauseMs));
  if (!known) await tx.performanceAnomaly.create({ data: { ...key, incidentId, ...told, ...times } });
  // What is learned again after a restart must not undo what was known before it.
  else if (known.lastAt <= times.lastAt) {
    const data = known.evidence >= told.evidence ? times : { ...told, ...times };
    await tx.performanceAnomaly.update({ where: { hostId_id: { hostId, id: known.id } }, data });
  }
  await tx.$executeRaw`
    UPDATE incident SET last_at = greatest(last_at, ${times.lastAt}), started_at = least(started_at, ${key.detectedAt})
    WHERE host_id = ${hostId} AND id = ${incidentId}`;
}

/** Records events of a host, oldest first, each in its incident; the same events again change nothing. */
export async function recordEvents(db: Database, hostId: number, events: EventNow[], pauseMs: number): Promise<void> {
  if (events.length === 0) return;
  const inOrder = [...events].sort((a, b) => a.detectedAt - b.detectedAt);
  await db.$transaction(async (tx) => {
    // One writer a host at a time, or two would each begin an incident.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('incident'), ${hostId})`;
    for (const event of inOrder) await write(tx, hostId, event, pauseMs);
  });
}

export const RESOLUTIONS = ["open", "acknowledged", "resolved", "false_alarm"] as const;
type Resolution = (typeof RESOLUTIONS)[number];

export type Decision = { status: Resolution; note?: string | undefined; userId: string; now: number };

/** Decides on one anomaly, or on all of an incident; answers how many there were. */
export async function decide(
  db: Connection,
  which: { hostId: number; id: number } | { hostId: number; incidentId: number },
  { status, note, userId, now }: Decision,
): Promise<number> {
  const data = { status, statusAt: new Date(now), statusBy: userId, ...(note === undefined ? {} : { note }) };
  return (await db.performanceAnomaly.updateMany({ where: which, data })).count;
}

/** Removes anomalies and incidents whose end lies before an instant (ms). */
export async function removeAnomaliesBefore(db: Connection, before: number): Promise<number> {
  const { count } = await db.incident.deleteMany({ where: { lastAt: { lt: new Date(before) } } });
  return count;
}
