import type { z } from "zod";
import type { slotRow, standbyRow } from "#lib/contract/database-rows.ts";
import { WAL_POSITION } from "#lib/databases/read/totals.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";

type Standby = z.output<typeof standbyRow>;
type Slot = z.output<typeof slotRow>;

/** Standbys and slots of a server, and how far it is behind itself where it is a standby (seconds). */
export type Replication = { standbys: Standby[]; slots: Slot[]; ownLagS: number | null };

const MOST = 50;

const STANDBYS = `
  SELECT coalesce(nullif(application_name, ''), 'standby') AS name, host(client_addr) AS address, state, sync_state AS sync,
    greatest(pg_wal_lsn_diff(${WAL_POSITION}, replay_lsn), 0)::float8 AS "lagBytes", extract(epoch FROM replay_lag)::float8 AS "lagS"
  FROM pg_stat_replication ORDER BY 5 DESC NULLS LAST LIMIT ${MOST}`;

const SLOTS = `
  SELECT slot_name AS name, slot_type AS kind, active, wal_status AS status,
    pg_wal_lsn_diff(${WAL_POSITION}, restart_lsn)::float8 AS "retainedBytes"
  FROM pg_replication_slots ORDER BY 5 DESC NULLS LAST LIMIT ${MOST}`;

/** A standby that has replayed all that it received is not behind, however long ago the last transaction was. */
const OWN_LAG = `
  SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END AS "ownLagS"`;

/** Reads what streams from this server, and what it keeps for it. */
export async function readReplication(session: ServerSession): Promise<Replication> {
  const standbys = await session.rows<Standby>(STANDBYS);
  const slots = await session.rows<Slot>(SLOTS);
  return { standbys, slots, ...(await session.row<{ ownLagS: number | null }>(OWN_LAG)) };
}
