import type { DatabaseRow } from "#lib/databases/read/databases.ts";
import type { Identity } from "#lib/databases/read/identity.ts";
import type { PoolerState } from "#lib/databases/read/pgbouncer.ts";
import type { Failure } from "#lib/databases/read/problems.ts";
import type { Replication } from "#lib/databases/read/replication.ts";
import type { SessionRow } from "#lib/databases/read/sessions.ts";
import type { SettingRow } from "#lib/databases/read/settings.ts";
import type { IndexRow, TableRow } from "#lib/databases/read/tables.ts";
import type { Totals } from "#lib/databases/read/totals.ts";
import type { ServerKey } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

/** Whether a server answers: why not and since when (ms), or in how many ms. */
export type Availability = {
  up: boolean;
  reason: string | null;
  since: number | null;
  responseMs: number | null;
  failures: Failure[];
};

/** How many findings there are of each severity, and the title of the gravest. */
export type Summary = { critical: number; warning: number; info: number; worst: string | null };

/** What was read of a server, by part; `summary` is what was found in it. */
export type Parts = {
  availability: Availability;
  identity: Identity;
  totals: Totals;
  sessions: SessionRow[];
  databases: DatabaseRow[];
  replication: Replication;
  settings: SettingRow[];
  tables: TableRow[];
  indexes: IndexRow[];
  pooler: PoolerState;
  summary: Summary;
};
export type PartName = keyof Parts;

/** Parts of which there is a past too, by the hour for two weeks: what grew is seen by it. */
const HOURLY: ReadonlySet<PartName> = new Set(["totals", "databases"]);
const HOURLY_KEPT_MS = 14 * DAY_MS;

/** A part as it was at an instant (ms). */
type Snapshot<T> = { at: number; data: T };
export type Snapshots = { [P in PartName]?: Snapshot<Parts[P]> };

/** Since when (ms) what was read of a part before is replaced by what is read at `at` (ms): of what has a past, since the hour began. */
const replacedFrom = (part: PartName, at: number): number =>
  HOURLY.has(part) ? Math.floor(at / HOUR_MS) * HOUR_MS : 0;

/** Stores what was read of parts in place of what was there before, but for the first of each hour of what has a past. */
export async function storeParts(db: Connection, { hostId, serverId }: ServerKey, fresh: Snapshots): Promise<void> {
  const parts = Object.entries(fresh) as [PartName, Snapshot<unknown>][];
  if (parts.length === 0) return;
  await db.$executeRaw`
    WITH fresh AS (
      SELECT part, at, data::jsonb AS data, since, part = ANY(${[...HOURLY]}) AS hourly FROM unnest(
        ${parts.map(([part]) => part)}::text[], ${parts.map(([, { at }]) => new Date(at))}::timestamptz[],
        ${parts.map(([, { data }]) => JSON.stringify(data))}::text[],
        ${parts.map(([part, { at }]) => new Date(replacedFrom(part, at)))}::timestamptz[]) AS f (part, at, data, since)
    ), replaced AS (
      DELETE FROM database_snapshot s USING fresh f
      WHERE s.host_id = ${hostId} AND s.server_id = ${serverId} AND s.part = f.part AND s.at >= f.since AND s.at <> f.at
        AND (NOT f.hourly OR s.at > (
          SELECT min(at) FROM database_snapshot
          WHERE host_id = s.host_id AND server_id = s.server_id AND part = s.part AND at >= f.since))
    )
    INSERT INTO database_snapshot (host_id, server_id, part, at, data)
    SELECT ${hostId}::int, ${serverId}::int, part, at, data FROM fresh
    ON CONFLICT (host_id, server_id, part, at) DO UPDATE SET data = excluded.data`;
}

/** Removes the past that is older than it is kept at `now` (ms). */
export async function removeOldSnapshots(db: Connection, key: ServerKey, now: number): Promise<void> {
  await db.databaseSnapshot.deleteMany({
    where: { ...key, part: { in: [...HOURLY] }, at: { lt: new Date(now - HOURLY_KEPT_MS) } },
  });
}

type Row = { serverId: number; part: string; at: Date; data: unknown };

const toSnapshots = (rows: Row[]): Snapshots =>
  Object.fromEntries(rows.map(({ part, at, data }) => [part, { at: at.getTime(), data }]));

/** What was last read of each of some servers, by the server's id; only some parts where these are named. */
export async function readSnapshots(
  db: Connection,
  serverIds: number[],
  parts?: PartName[],
): Promise<Map<number, Snapshots>> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT DISTINCT ON (host_id, server_id, part) server_id AS "serverId", part, at, data FROM database_snapshot
    WHERE server_id = ANY(${serverIds}) AND (${parts ?? null}::text[] IS NULL OR part = ANY(${parts ?? []}))
    ORDER BY host_id, server_id, part, at DESC`;
  return new Map([...Map.groupBy(rows, ({ serverId }) => serverId)].map(([id, own]) => [id, toSnapshots(own)]));
}

/** What was read of the parts with a past a day before `now` (ms), or as long ago as there is something within it. */
export async function readDayAgo(db: Connection, { hostId, serverId }: ServerKey, now: number): Promise<Snapshots> {
  const [from, to] = [new Date(now - DAY_MS), new Date(now)];
  const rows = await db.$queryRaw<Row[]>`
    SELECT DISTINCT ON (part) server_id AS "serverId", part, at, data FROM database_snapshot
    WHERE host_id = ${hostId} AND server_id = ${serverId} AND part = ANY(${[...HOURLY]}) AND at >= ${from} AND at < ${to}
    ORDER BY part, at`;
  return toSnapshots(rows);
}
