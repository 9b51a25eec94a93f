import pg from "pg";
import { binaryPool, type Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { type Reader, statementOf } from "#lib/db/reading.ts";

/** What reads and writes by SQL within a transaction: Prisma's do, and what `binaryTransaction` gives. */
export type Writer = Reader & {
  /** Answers how many rows were written. */
  $executeRaw(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<number>;
};

/** Takes a row as COPY sends it in its binary form; the first comes behind COPY's header, and its end comes as a row. */
type TakeRow = (row: Buffer) => void;

/** A transaction that also copies out. */
export type BinaryTransaction = Writer & {
  /** Runs a statement COPY … TO STDOUT, and gives each row as it comes. */
  copyOut(text: string, take: TakeRow): Promise<void>;
};

/** Once a row could not be handled no further one is, and the failure is that of the query when it has ended. */
class CopyOut extends pg.Query {
  readonly #take: TakeRow;
  failure: unknown;

  constructor(text: string, take: TakeRow) {
    super(text);
    this.#take = take;
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.failure !== undefined) return;
    try {
      this.#take(chunk);
    } catch (error) {
      this.failure = error;
    }
  }
}

/** Of a query that is an object node-postgres calls back what stands beside it. */
type QueryClient = { query(query: pg.Query, done: (error: Error | null) => void): void };

async function copyOut(client: pg.PoolClient, text: string, take: TakeRow): Promise<void> {
  const copy = new CopyOut(text, take);
  await new Promise<void>((resolve, reject) => {
    (client as QueryClient).query(copy, (error) => (error ? reject(error) : resolve()));
  });
  if (copy.failure !== undefined) throw copy.failure;
}

const on = (client: pg.PoolClient): BinaryTransaction => ({
  async $queryRaw<T>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T> {
    return (await client.query(statementOf(query, values))).rows as T;
  },
  async $executeRaw(query, ...values) {
    return (await client.query(statementOf(query, values))).rowCount ?? 0;
  },
  copyOut: (text, take) => copyOut(client, text, take),
});

type Isolation = "READ COMMITTED" | "REPEATABLE READ";

/** Runs work in one transaction, on a connection that Prisma takes no part in: for what moves many numbers. What throws rolls it back. */
export async function binaryTransaction<T>(
  db: Database,
  work: (tx: BinaryTransaction) => Promise<T>,
  isolation: Isolation = "READ COMMITTED",
): Promise<T> {
  const client = await binaryPool(db).connect();
  let lost: Error | undefined;
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await work(on(client));
    const { command } = await client.query("COMMIT");
    if (command !== "COMMIT") throw new Error("A transaction in which something had failed was not committed");
    return result;
  } catch (error) {
    // A connection that cannot even do this is closed, which rolls back too.
    await client.query("ROLLBACK").catch((rollback: Error) => {
      lost = rollback;
    });
    throw error;
  } finally {
    client.release(lost);
  }
}
