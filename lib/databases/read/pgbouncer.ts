import { reading } from "#lib/collect/sensor.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** A pool of PgBouncer: connections of clients and to servers. */
type Pool = {
  database: string;
  user: string;
  mode: string;
  clientsActive: number;
  clientsWaiting: number;
  serversActive: number;
  serversIdle: number;
  serversUsed: number;
  waitS: number;
};

/** What PgBouncer says of itself. */
export type PoolerState = { version: string; pools: Pool[]; maxClients: number | null; poolSize: number | null };

type Row = Record<string, string | number | null>;

const MOST_POOLS = 50;
const OWN_CONSOLE = "pgbouncer";

const number = (value: unknown): number => (Number.isFinite(Number(value)) ? Number(value) : 0);

const poolOf = (row: Row): Pool => ({
  ...{ database: String(row.database), user: String(row.user), mode: String(row.pool_mode ?? "") },
  ...{ clientsActive: number(row.cl_active), clientsWaiting: number(row.cl_waiting) },
  ...{ serversActive: number(row.sv_active), serversIdle: number(row.sv_idle), serversUsed: number(row.sv_used) },
  waitS: number(row.maxwait) + number(row.maxwait_us) / 1e6,
});

const setting = (rows: Row[], key: string): number | null => {
  const row = rows.find((candidate) => candidate.key === key);
  return row ? number(row.value) : null;
};

function poolReadings(pools: Pool[]): Reading[] {
  return [...Map.groupBy(pools, ({ database }) => database)].flatMap(([database, own]) => {
    const sum = (figure: (pool: Pool) => number) => own.reduce((total, pool) => total + figure(pool), 0);
    return [
      reading(
        "pgbouncer.clients",
        sum((p) => p.clientsActive),
        { database, state: "active" },
      ),
      reading(
        "pgbouncer.clients",
        sum((p) => p.clientsWaiting),
        { database, state: "waiting" },
      ),
      reading(
        "pgbouncer.servers",
        sum((p) => p.serversActive),
        { database, state: "active" },
      ),
      reading(
        "pgbouncer.servers",
        sum((p) => p.serversIdle),
        { database, state: "idle" },
      ),
      reading(
        "pgbouncer.servers",
        sum((p) => p.serversUsed),
        { database, state: "used" },
      ),
      reading("pgbouncer.wait", Math.max(0, ...own.map((p) => p.waitS)), { database }),
    ];
  });
}

const statReadings = (rows: Row[]): Reading[] =>
  rows.flatMap((row) => {
    const database = String(row.database);
    return [
      reading("pgbouncer.queries", number(row.total_query_count), { database }),
      reading("pgbouncer.transactions", number(row.total_xact_count), { database }),
      reading("pgbouncer.bytes", number(row.total_received), { database, direction: "received" }),
      reading("pgbouncer.bytes", number(row.total_sent), { database, direction: "sent" }),
    ];
  });

const ofDatabases = (rows: Row[]): Row[] =>
  rows.filter(({ database }) => database !== OWN_CONSOLE).slice(0, MOST_POOLS);

/** Reads pools, statistics and lists on PgBouncer's console, which knows nothing but SHOW. */
export async function readPooler(session: ServerSession): Promise<{ state: PoolerState; readings: Reading[] }> {
  const version = await session.rows<Row>("SHOW VERSION");
  const pools = ofDatabases(await session.rows<Row>("SHOW POOLS")).map(poolOf);
  const stats = ofDatabases(await session.rows<Row>("SHOW STATS"));
  const config = await session.rows<Row>("SHOW CONFIG");
  const state = {
    version: String(Object.values(version[0] ?? {})[0] ?? "").replace(/^PgBouncer /, ""),
    pools,
    maxClients: setting(config, "max_client_conn"),
    poolSize: setting(config, "default_pool_size"),
  };
  return { state, readings: [...poolReadings(pools), ...statReadings(stats)] };
}
