import { reading } from "#lib/collect/sensor.ts";
import type { Identity } from "#lib/databases/read/identity.ts";
import type { Replication } from "#lib/databases/read/replication.ts";
import type { Totals } from "#lib/databases/read/totals.ts";
import type { Snapshots } from "#lib/databases/store/snapshots.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** So many tables have a series of their dead rows, and only those with more than a few. */
const DEAD_TABLES = 10;
const FEW_DEAD = 10_000;
const MOST_DATABASES = 20;

/** What the recorder does not already collect of the portal's own database, each interval. */
export function detailReadings(totals: Totals, identity: Identity): Reading[] {
  const other = totals.connections - totals.active - totals.idle - totals.idleInTransaction;
  const operation = (name: string, value: number) => reading("postgres.tuples", value, { operation: name });
  const state = (name: string, value: number) => reading("postgres.connections.state", value, { state: name });
  return [
    state("active", totals.active),
    state("idle", totals.idle),
    state("idle in transaction", totals.idleInTransaction),
    state("other", Math.max(0, other)),
    reading("postgres.locks.waiting", totals.locksWaiting),
    reading("postgres.transaction.longest", totals.longestS),
    reading("postgres.transaction.idle", totals.longestIdleS),
    operation("returned", totals.returned),
    operation("fetched", totals.fetched),
    operation("inserted", totals.inserted),
    operation("updated", totals.updated),
    operation("deleted", totals.deleted),
    reading("postgres.temp.bytes", totals.tempBytes),
    reading("postgres.wal.bytes", totals.walBytes),
    reading("postgres.checkpoints", totals.checkpointsTimed, { cause: "timed" }),
    reading("postgres.checkpoints", totals.checkpointsRequested, { cause: "requested" }),
    ...(identity.versionNum >= 160_000
      ? [
          reading("postgres.io.bytes", totals.ioReadBytes, { operation: "read" }),
          reading("postgres.io.bytes", totals.ioWriteBytes, { operation: "written" }),
        ]
      : []),
  ];
}

/** Of several standbys of one name the one that lags most. */
function worstByName<T extends { name: string }>(
  rows: T[],
  figure: (row: T) => number | null,
): Map<string, number | null> {
  const groups = Map.groupBy(rows, ({ name }) => name);
  return new Map(
    [...groups].map(([name, own]) => {
      const values = own.map(figure).filter((value) => value !== null);
      return [name, values.length > 0 ? Math.max(...values) : null];
    }),
  );
}

/** How far standbys are behind, and what slots keep. */
export function replicationReadings({ standbys, slots, ownLagS }: Replication): Reading[] {
  const bytes = worstByName(standbys, (row) => row.lagBytes);
  const seconds = worstByName(standbys, (row) => row.lagS);
  return [
    ...[...bytes].map(([standby, value]) => reading("postgres.replication.lag.bytes", value, { standby })),
    // A standby that has nothing to replay says nothing: it is not behind.
    ...[...seconds].map(([standby, value]) => reading("postgres.replication.lag", value ?? 0, { standby })),
    ...(ownLagS === null ? [] : [reading("postgres.replication.lag", ownLagS, { standby: "this server" })]),
    ...slots.map((slot) => reading("postgres.slot.retained", slot.retainedBytes, { slot: slot.name })),
  ];
}

/** What is read seldom and repeated in each frame: sizes of databases, and the tables with most dead rows. */
export function slowReadings({ databases, tables }: Snapshots): Reading[] {
  const sizes = (databases?.data ?? []).filter(({ bytes }) => bytes !== null).slice(0, MOST_DATABASES);
  const dead = (tables?.data ?? [])
    .filter(({ deadRows }) => deadRows > FEW_DEAD)
    .sort((a, b) => b.deadRows - a.deadRows)
    .slice(0, DEAD_TABLES);
  return [
    ...sizes.map(({ name, bytes }) => reading("postgres.database.size", bytes, { database: name })),
    ...dead.map(({ database, schema, table, deadRows }) =>
      reading("postgres.table.dead", deadRows, { database, table: `${schema}.${table}` }),
    ),
  ];
}

/** The readings of a server that is not the portal's own bear its name, so that each is told from the others of its host. */
export const labelled = (readings: Reading[], server: string): Reading[] =>
  readings.map((entry) => ({ ...entry, labels: { server, ...entry.labels } }));
