import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import type pg from "pg";
import { type Database, readingPool } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";

/** What reads by SQL: Prisma's clients and transactions do, and what `reader` and `reading` give. */
export type Reader = {
  /** Whether what it reads is no part of a transaction. */
  isApart?: true;
  $queryRaw<T = unknown>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T>;
};

/** What whoever asked went away from is answered by. */
export const cancelled = () => new DomainError("cancelled", "The request was cancelled");

/** The names of statements, which each connection prepares when it first meets one. There are as many as the code has. */
const names = new Map<string, string>();

/** By the text itself: a bundler may load this module twice, and both use the same connections. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `reads_${createHash("sha1").update(text).digest("base64url")}`;
  names.set(text, name);
  return name;
}

const isSql = (value: unknown): value is Prisma.Sql => value instanceof Prisma.Sql;

/** The texts of templates that have no other in them, which are the same whenever they are read. */
const texts = new WeakMap<TemplateStringsArray, string>();

function textOf(parts: TemplateStringsArray): string {
  let text = texts.get(parts);
  if (text === undefined) {
    text = parts.reduce((all, part, n) => (n === 0 ? part : `${all}$${n}${part}`), "");
    texts.set(parts, text);
  }
  return text;
}

/** A statement by a name of its own, so that each connection prepares it once. */
export function statementOf(query: TemplateStringsArray | Prisma.Sql, values: unknown[]): pg.QueryConfig {
  if (!isSql(query) && !values.some(isSql)) {
    const text = textOf(query);
    return { name: nameOf(text), text, values };
  }
  const sql = isSql(query) ? query : Prisma.sql(query, ...values);
  return { name: nameOf(sql.text), text: sql.text, values: sql.values };
}

/** Reads by statements that stay prepared, on whichever connection is free: Prisma takes several times as long as most of them do. */
export function reader(db: Database): Reader {
  const pool = readingPool(db);
  return {
    isApart: true,
    async $queryRaw<T>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T> {
      return (await pool.query(statementOf(query, values))).rows as T;
    },
  };
}

/** What node-postgres does not describe. What is asked at once is written at once: a write to a socket costs more than most statements. */
type ReadingClient = pg.PoolClient & { processID: number; connection: { stream: Socket } };

/**
 * As `reader`, on one connection, and it ends when `signal` does, in the database too. No transaction: what was written meanwhile is seen. Where nothing is
 * read there is no connection.
 * @throws DomainError cancelled
 */
export async function reading<T>(db: Database, signal: AbortSignal, work: (db: Reader) => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelled();
  let connected: Promise<ReadingClient> | undefined;
  const onAbort = () => {
    connected
      ?.then((client) => db.$queryRaw`SELECT pg_cancel_backend(${client.processID}::int)`)
      .catch(() => undefined);
  };
  const connect = async (): Promise<ReadingClient> => {
    const client = (await readingPool(db).connect()) as ReadingClient;
    signal.addEventListener("abort", onAbort, { once: true });
    return client;
  };
  try {
    return await work({
      isApart: true,
      async $queryRaw<R>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<R> {
        if (signal.aborted) throw cancelled();
        connected ??= connect();
        const client = await connected;
        if (signal.aborted) throw cancelled();
        const { stream } = client.connection;
        stream.cork();
        process.nextTick(() => stream.uncork());
        return (await client.query(statementOf(query, values))).rows as R;
      },
    });
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    // A connection that is to be cancelled is nobody else's afterwards.
    (await connected?.catch(() => undefined))?.release(signal.aborted);
  }
}
