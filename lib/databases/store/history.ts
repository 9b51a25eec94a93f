import {
  packSessions,
  packStatements,
  type StatementMinute,
  unpackSessions,
  unpackStatements,
} from "#lib/databases/store/pack.ts";
import type { ServerKey } from "#lib/databases/store/servers.ts";
import { mergeMinutes, type SessionMinute } from "#lib/databases/store/session-groups.ts";
import { largest, mergeDeltas, REST, type StatementDelta } from "#lib/databases/store/statement-deltas.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** What is kept of statements and sessions: minutes for three days, hours for five weeks. */
const KEPT_MS = { minutes: 3 * DAY_MS, hours: 35 * DAY_MS };

const MINUTE_S = MINUTE_MS / SECOND_MS;
const HOUR_S = HOUR_MS / SECOND_MS;
/** Of a minute a hundred statements are kept, of an hour two hundred; the others are one. */
const MOST_STATEMENTS = { minute: 100, hour: 200 };

/** A minute or an hour that begins at `at` (ms). */
export type Stored<T> = { at: number; stepS: number; value: T };

type Kind = "statements" | "sessions";

async function put(
  db: Connection,
  key: ServerKey,
  kind: Kind,
  stepS: number,
  at: number,
  data: Uint8Array<ArrayBuffer>,
) {
  const where = { ...key, kind, stepS, at: new Date(at) };
  await db.databaseHistory.upsert({
    where: { hostId_serverId_kind_stepS_at: where },
    create: { ...where, data },
    update: { data },
  });
}

/** The most costly of a minute's statements, which are kept one by one, with the others as one. */
export const keptStatements = (deltas: StatementDelta[]): StatementDelta[] => largest(deltas, MOST_STATEMENTS.minute);

/** Stores what statements did in a minute that began at `at` (ms). */
export const storeStatements = (db: Connection, key: ServerKey, at: number, minute: StatementMinute): Promise<void> =>
  put(db, key, "statements", MINUTE_S, at, packStatements(minute));

/** Stores what sessions did in a minute that began at `at` (ms). */
export const storeSessions = (db: Connection, key: ServerKey, at: number, minute: SessionMinute): Promise<void> =>
  put(db, key, "sessions", MINUTE_S, at, packSessions(minute));

/** Minutes where the span is short and recent enough, else hours. */
function stepOf(from: number, to: number, now: number): number {
  return to - from <= 12 * HOUR_MS && from >= now - KEPT_MS.minutes ? MINUTE_S : HOUR_S;
}

async function readSpan<T>(
  db: Connection,
  key: ServerKey,
  kind: Kind,
  { from, to, stepS }: { from: number; to: number; stepS: number },
  unpack: (bytes: Uint8Array) => T,
): Promise<Stored<T>[]> {
  const rows = await db.databaseHistory.findMany({
    where: { ...key, kind, stepS, at: { gte: new Date(from), lt: new Date(to) } },
    orderBy: { at: "asc" },
  });
  return rows.map(({ at, data }) => ({ at: at.getTime(), stepS, value: unpack(data) }));
}

const floor = (at: number, stepMs: number) => Math.floor(at / stepMs) * stepMs;

/** Of a span in hours, those that are stored; the minutes after them, whose hour is not over, follow as they are. */
async function read<T>(
  db: Connection,
  key: ServerKey,
  kind: Kind,
  { from, to }: { from: number; to: number },
  unpack: (bytes: Uint8Array) => T,
): Promise<{ stepS: number; stored: Stored<T>[] }> {
  const stepS = stepOf(from, to, Date.now());
  const stored = await readSpan(db, key, kind, { from: floor(from, stepS * SECOND_MS), to, stepS }, unpack);
  if (stepS === MINUTE_S) return { stepS, stored };
  const lastHour = stored.at(-1)?.at;
  const since = lastHour === undefined ? Math.max(from, to - 2 * HOUR_MS) : lastHour + HOUR_MS;
  return {
    stepS,
    stored: [...stored, ...(await readSpan(db, key, kind, { from: since, to, stepS: MINUTE_S }, unpack))],
  };
}

/** What statements did in [from, to) in ms, by minutes or hours. */
export const readStatementSpan = (db: Connection, key: ServerKey, span: { from: number; to: number }) =>
  read(db, key, "statements", span, unpackStatements);

/** What sessions did in [from, to) in ms, by minutes or hours. */
export const readSessionSpan = (db: Connection, key: ServerKey, span: { from: number; to: number }) =>
  read(db, key, "sessions", span, unpackSessions);

/** Makes the hour that began at `hour` (ms) of its minutes. */
async function storeHour(db: Connection, key: ServerKey, hour: number): Promise<void> {
  const span = { from: hour, to: hour + HOUR_MS, stepS: MINUTE_S };
  const statements = await readSpan(db, key, "statements", span, unpackStatements);
  if (statements.length > 0) {
    const all = mergeDeltas(statements.flatMap(({ value }) => value.statements));
    const named = largest(
      all.filter(({ queryId }) => queryId !== REST),
      MOST_STATEMENTS.hour,
    );
    const rest = mergeDeltas([...named, ...all].filter(({ queryId }) => queryId === REST));
    const kept = [...named.filter(({ queryId }) => queryId !== REST), ...rest];
    const spanS = statements.reduce((sum, { value }) => sum + value.spanS, 0);
    await put(db, key, "statements", HOUR_S, hour, packStatements({ spanS, statements: kept }));
  }
  const sessions = await readSpan(db, key, "sessions", span, unpackSessions);
  if (sessions.length > 0)
    await put(db, key, "sessions", HOUR_S, hour, packSessions(mergeMinutes(sessions.map(({ value }) => value))));
}

/** Makes the hours before an instant (ms) that were not made yet, also those of before a pause. */
export async function storeHours(db: Connection, key: ServerKey, before: number): Promise<void> {
  const { hostId, serverId } = key;
  const rows = await db.$queryRaw<{ hour: Date }[]>`
    SELECT kind, date_bin('1 hour', at, 'epoch') AS hour FROM database_history
    WHERE host_id = ${hostId} AND server_id = ${serverId} AND step_s = ${MINUTE_S} AND at < ${new Date(before)}
    EXCEPT SELECT kind, at FROM database_history WHERE host_id = ${hostId} AND server_id = ${serverId} AND step_s = ${HOUR_S}
    ORDER BY hour`;
  for (const hour of new Set(rows.map((row) => row.hour.getTime()))) await storeHour(db, key, hour);
}

/** Removes what is older than it is kept at `now` (ms). */
export async function removeOldHistory(db: Connection, key: ServerKey, now: number): Promise<void> {
  const older = (ms: number) => ({ lt: new Date(now - ms) });
  await db.databaseHistory.deleteMany({ where: { ...key, stepS: MINUTE_S, at: older(KEPT_MS.minutes) } });
  await db.databaseHistory.deleteMany({ where: { ...key, stepS: HOUR_S, at: older(KEPT_MS.hours) } });
}
