import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "#lib/db/generated/client.ts";
import { watchPool } from "#lib/db/watch-pool.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type Database = PrismaClient;

/** A pool, or a transaction on one of its connections. */
export type Connection = Prisma.TransactionClient;

export type DatabaseOptions = {
  maxConnections?: number;
  applicationName?: string;
  /** How long a query may take, and waiting for a connection, ms. */
  queryLimitMs?: number;
  connectLimitMs?: number;
};

const QUERY_LIMIT_MS = 15_000;
const CONNECT_LIMIT_MS = 3_000;

/** How many connections a process holds beside Prisma's, and for how long (ms) without use. */
const BINARY = { max: 2, idleTimeoutMillis: 10_000, allowExitOnIdle: true };
/** As many read at once; what one asks together goes together. One stays: a connection, and preparing its statements, costs more than most of what is read. */
const READING = { pipeline: true, min: 1, max: 4, idleTimeoutMillis: 10_000, allowExitOnIdle: true };

type Pools = { settings: pg.PoolConfig; binary?: pg.Pool; reading?: pg.Pool };

type Shared = typeof globalThis & {
  sightlineDatabase?: Database;
  sightlineStatus?: Database;
  /** What each was opened with, and its other connections; also when a bundler loads this module twice. */
  sightlinePools?: WeakMap<Database, Pools>;
};

const shared: Shared = globalThis;

const pools = () => {
  shared.sightlinePools ??= new WeakMap();
  return shared.sightlinePools;
};

/** Prisma's adapter, whose pool is watched. */
class WatchedPg extends PrismaPg {
  readonly #application: string;

  constructor(settings: pg.PoolConfig) {
    super(settings);
    this.#application = settings.application_name ?? "";
  }

  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    watchPool(adapter.underlyingDriver(), this.#application);
    return adapter;
  }
}

/** Opens a pool. A query that takes too long is ended by the server, and given up here if the server is silent. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const settings = {
    connectionString: url,
    max: options.maxConnections ?? 5,
    connectionTimeoutMillis: options.connectLimitMs ?? CONNECT_LIMIT_MS,
    keepAlive: true,
    idleTimeoutMillis: MINUTE_MS,
    statement_timeout: options.queryLimitMs ?? QUERY_LIMIT_MS,
    query_timeout: (options.queryLimitMs ?? QUERY_LIMIT_MS) + 1_000,
    application_name: options.applicationName ?? "sightline",
  };
  const db = new PrismaClient({ adapter: new WatchedPg(settings) });
  pools().set(db, { settings });
  return db;
}

function poolBeside(db: Database, use: "binary" | "reading", own: pg.PoolConfig): pg.Pool {
  const held = pools().get(db);
  if (!held) throw new Error("This database was not opened by openDatabase()");
  let pool = held[use];
  if (!pool) {
    pool = new pg.Pool({ ...held.settings, ...own });
    held[use] = pool;
    watchPool(pool, held.settings.application_name ?? "");
    // One that is lost while nobody uses it is opened again; whoever uses it hears of it by what it asks next, and not by an error that ends the process.
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
  }
  return pool;
}

/** Connections to the same database for what goes in PostgreSQL's binary forms, which Prisma takes no part in. They end by themselves. */
export const binaryPool = (db: Database): pg.Pool => poolBeside(db, "binary", BINARY);

/** Connections to the same database for what is read by prepared statements. They end by themselves. */
export const readingPool = (db: Database): pg.Pool => poolBeside(db, "reading", READING);

/** The address of the database, which the supervisor hands to its children. */
export function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set: start the portal with `npm start`");
  return url;
}

/** The process's one pool; also one when a bundler loads this module twice. */
export function database(): Database {
  shared.sightlineDatabase ??= openDatabase(databaseUrl());
  return shared.sightlineDatabase;
}

/** How long whoever asks for the state of the database waits, ms. */
export const STATUS_LIMIT_MS = 2_000;

/** A pool of its own for what must be said at once, however busy the other is. */
export function statusDatabase(): Database {
  shared.sightlineStatus ??= openDatabase(databaseUrl(), {
    maxConnections: 2,
    applicationName: "sightline-status",
    // Longer than whoever asks waits, who then knows that nothing came, and not only that this pool is out of connections.
    queryLimitMs: 2 * STATUS_LIMIT_MS,
    connectLimitMs: 2 * STATUS_LIMIT_MS,
  });
  return shared.sightlineStatus;
}
