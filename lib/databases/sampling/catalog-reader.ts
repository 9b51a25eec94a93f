import type { DatabaseRow } from "#lib/databases/read/databases.ts";
import { type Failure, failureOf } from "#lib/databases/read/problems.ts";
import { type IndexRow, readIndexes, readTables, type TableRow } from "#lib/databases/read/tables.ts";
import { type ServerSession, type Target, withSession } from "#lib/databases/server/connection.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** So many databases of a server are looked into: the largest. */
const MOST_DATABASES = 20;
const MOST_TABLES = 500;
const MOST_INDEXES = 800;
const STATEMENT_MS = 10 * SECOND_MS;

export type Catalog<T> = { rows: T[]; failures: Failure[] };

/** Reads something of each database by a short connection of its own, one after the other: what one refuses is said, and stops no other. */
async function eachDatabase<T>(
  target: Target,
  databases: DatabaseRow[],
  part: string,
  read: (session: ServerSession) => Promise<T[]>,
): Promise<Catalog<T>> {
  const all: Catalog<T> = { rows: [], failures: [] };
  const user = target.at === "own" ? "" : target.at.user;
  for (const { name, mayConnect } of databases.slice(0, MOST_DATABASES)) {
    if (!mayConnect) continue;
    try {
      all.rows.push(...(await withSession(target, read, { database: name, statementMs: STATEMENT_MS })));
    } catch (error) {
      const failure = failureOf(part, error, user);
      all.failures.push({ ...failure, message: `${name}: ${failure.message}` });
    }
  }
  return all;
}

const largest = <T extends { bytes: number }>({ rows, failures }: Catalog<T>, most: number): Catalog<T> => ({
  rows: rows.sort((a, b) => b.bytes - a.bytes).slice(0, most),
  failures,
});

/** The largest tables of all databases of a server. */
export const readAllTables = async (target: Target, databases: DatabaseRow[]): Promise<Catalog<TableRow>> =>
  largest(await eachDatabase(target, databases, "tables", readTables), MOST_TABLES);

/** The largest indexes of all databases of a server. */
export const readAllIndexes = async (target: Target, databases: DatabaseRow[]): Promise<Catalog<IndexRow>> =>
  largest(await eachDatabase(target, databases, "indexes", readIndexes), MOST_INDEXES);
