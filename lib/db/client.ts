import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "#lib/db/generated/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type Database = PrismaClient;

/** A pool, or a transaction on one of its connections. */
export type Connection = Prisma.TransactionClient;

export type DatabaseOptions = { maxConnections?: number; applicationName?: string; queryLimitMs?: number };

const QUERY_LIMIT_MS = 15_000;

/** Opens a pool. A query that takes too long is ended by the server, and given up here if the server is silent. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.maxConnections ?? 5,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: MINUTE_MS,
    statement_timeout: options.queryLimitMs ?? QUERY_LIMIT_MS,
    query_timeout: (options.queryLimitMs ?? QUERY_LIMIT_MS) + 1_000,
    application_name: options.applicationName ?? "sightline",
  });
  return new PrismaClient({ adapter });
}

const shared = globalThis as typeof globalThis & { sightlineDatabase?: Database };

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
