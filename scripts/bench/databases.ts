import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { cpuSeconds } from "./process-costs.ts";
import { round } from "./statistics.ts";

const INTERVAL_S = 15;
const STATEMENTS = 120;
const TABLES = 300;
const MIB = 1024 ** 2;
const MINUTES_A_DAY = 1_440;
const DATABASE = "watched";

async function fill(client: pg.Client): Promise<void> {
  for (let n = 0; n < TABLES; n++) {
    await client.query(`CREATE TABLE t${n} (id int PRIMARY KEY, a int, b text)`);
    await client.query(`INSERT INTO t${n} SELECT n, n, repeat('x', 50) FROM generate_series(1, 200) n`);
    await client.query(`CREATE INDEX ON t${n} (a)`);
  }
  await client.query("ANALYZE");
}

/** As many different statements a minute as are kept one by one, and some more. */
async function work(url: string, stop: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "work" });
  await client.connect();
  for (let n = 0; !stop.aborted; n = (n + 1) % STATEMENTS) {
    await client.query(`SELECT count(*) FROM t${n} WHERE a > $1`, [n]);
    await sleep(100);
  }
  await client.end();
}

type Cost = { pid: number; ms: number; calls: number };

/** What statements of the sampling have cost the watched server by its own account, and the process of its open connection. */
async function costOf(client: pg.Client): Promise<Cost> {
  const { rows } = await client.query<Cost>(`
    SELECT coalesce((SELECT pid FROM pg_stat_activity WHERE application_name = 'sightline-databases' AND usename = 'monitor'
        AND state IS NOT NULL ORDER BY backend_start LIMIT 1), 0) AS pid,
      coalesce(sum(total_exec_time + total_plan_time), 0)::float8 AS ms, coalesce(sum(calls), 0)::int AS calls
    FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'monitor'`);
  return rows[0] as Cost;
}

/** The database that is watched, filled, and whoever may read its statistics. */
async function prepare(db: Database, watchedUrl: string): Promise<pg.Client> {
  await db.$executeRawUnsafe(`CREATE DATABASE ${DATABASE}`);
  const client = new pg.Client({ connectionString: watchedUrl });
  await client.connect();
  await client.query("CREATE EXTENSION pg_stat_statements");
  await client.query("CREATE ROLE monitor LOGIN PASSWORD 'bench'");
  await client.query("GRANT pg_monitor TO monitor");
  await fill(client);
  return client;
}

type Stored = { minutes: number; statements: number; sessions: number; snapshots: number; frames: number };

/** Bytes of what is stored of a server: of a minute, of the newest snapshots, of a frame. */
async function readStored(db: Database, id: number): Promise<Stored> {
  const [row] = await db.$queryRaw<Stored[]>`
    SELECT (SELECT count(*) FROM database_history WHERE server_id = ${id} AND kind = 'statements')::int AS minutes,
      (SELECT coalesce(avg(pg_column_size(h.*)), 0) FROM database_history h WHERE server_id = ${id} AND kind = 'statements')::float8 AS statements,
      (SELECT coalesce(avg(pg_column_size(h.*)), 0) FROM database_history h WHERE server_id = ${id} AND kind = 'sessions')::float8 AS sessions,
      (SELECT coalesce(sum(pg_column_size(s.*)), 0) FROM database_snapshot s WHERE server_id = ${id})::float8 AS snapshots,
      (SELECT coalesce(avg(pg_column_size(f.*)), 0) FROM frame f JOIN source s ON s.host_id = f.host_id AND s.id = f.source_id
        WHERE s.name = 'watched')::float8 AS frames`;
  return row as Stored;
}

/** Adds the server to those that are watched; answers its id and a way to sample it. */
async function watch(db: Database, url: string, watchedUrl: string) {
  const [{ registerHost }, { createServer }, { ServerSampling }, { databaseServerSchema }] = await Promise.all([
    import("#lib/hosts/hosts.ts"),
    import("#lib/databases/store/servers.ts"),
    import("#lib/databases/sampling/sample-servers.ts"),
    import("#lib/contract/database-rows.ts"),
  ]);
  const hostId = await registerHost(db, { machineId: "bench", name: "bench", system: {} });
  const { hostname: address, port } = new URL(watchedUrl);
  const access = { address, port: Number(port), database: DATABASE, user: "monitor", password: "bench" };
  const input = databaseServerSchema.parse({ name: "watched", ...access, intervalS: INTERVAL_S });
  const data = { email: "bench@example.org", name: "Bench", role: "admin", passwordHash: "" } as const;
  const admin = await db.user.create({ data });
  const id = await createServer(db, { ...input, hostId }, { id: admin.id, role: "admin" });
  return { id, sampling: new ServerSampling(url, db, () => Promise.resolve(hostId)) };
}

type Spent = { cpuS: number; ms: number; calls: number; seconds: number };

/** What the sampling costs the watched server in some minutes. */
async function spend(client: pg.Client, minutes: number): Promise<Spent> {
  const before = await costOf(client);
  const cpuBefore = cpuSeconds(before.pid);
  const beganAt = performance.now();
  for (let n = 0; n < minutes; n++) {
    await sleep(MINUTE_MS);
    console.error(`… ${n + 1} of ${minutes} min`);
  }
  const after = await costOf(client);
  if (before.pid !== after.pid) throw new Error("The sampling's connection was lost: measure again");
  const cpuS = cpuSeconds(after.pid) - cpuBefore;
  const seconds = (performance.now() - beganAt) / SECOND_MS;
  return { cpuS, ms: after.ms - before.ms, calls: after.calls - before.calls, seconds };
}

async function measure(url: string, minutes: number): Promise<BenchResult> {
  process.env.NEXTAUTH_SECRET = "the secret of a bench, which is long enough";
  process.env.DATABASE_URL = url;
  const { openDatabase } = await import("#lib/db/client.ts");
  const db = openDatabase(url);
  const watchedUrl = new URL(url);
  watchedUrl.pathname = `/${DATABASE}`;
  const client = await prepare(db, watchedUrl.toString());
  const { id, sampling } = await watch(db, url, watchedUrl.toString());
  const stop = new AbortController();
  const working = work(watchedUrl.toString(), stop.signal);
  sampling.start();
  // The first readings of everything are over, and the first minute that is stored has begun.
  await sleep(MINUTE_MS + (MINUTE_MS - (Date.now() % MINUTE_MS)) + 20 * SECOND_MS);
  const spent = await spend(client, minutes);
  const stored = await readStored(db, id);
  await sampling.close();
  stop.abort();
  await working;
  await client.end();
  await db.$disconnect();
  return {
    minutes,
    intervalS: INTERVAL_S,
    statements: STATEMENTS,
    tables: TABLES,
    backendCpuPercentOfACore: round((100 * spent.cpuS) / spent.seconds),
    statementMsAMinute: round((60 * spent.ms) / spent.seconds),
    statementsAMinute: round((60 * spent.calls) / spent.seconds),
    statementBytesAMinute: round(stored.statements),
    sessionBytesAMinute: round(stored.sessions),
    newestSnapshotsKiB: round(stored.snapshots / 1024),
    historyMiBADay: round(((stored.statements + stored.sessions) * MINUTES_A_DAY) / MIB),
    // Until they are compacted, within six hours, to some 1.7 bytes a sample.
    framesMiBADay: round((stored.frames * MINUTES_A_DAY * (60 / INTERVAL_S)) / MIB),
    minutesStored: stored.minutes,
  };
}

/** What the sampling of a server costs it, and how much is stored of it. */
export async function run({ minutes }: BenchOptions): Promise<BenchResult> {
  if (!existsSync("/proc/self/stat")) throw new Error("It takes Linux, whose /proc says what a process has used");
  return onCluster(({ url }) => measure(url, minutes));
}
