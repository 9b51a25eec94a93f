import { randomInt } from "node:crypto";
import type { Connection, Database } from "#lib/db/client.ts";
import { cancelled } from "#lib/db/reading.ts";

const TIMEOUT_MS = 20_000;
const MAX_WAIT_MS = 10_000;
/** The first half of the lock's key: tells these locks from others. */
const CANCELLABLE = 0x51_61;

/**
 * Runs reading work that ends when `signal` does, in the database too. The work holds a lock of its own number while it
 * runs, and only a backend that holds it is cancelled: never one that has gone on to somebody else's query.
 * @throws DomainError cancelled
 */
export async function cancellable<T>(
  db: Database,
  signal: AbortSignal,
  work: (tx: Connection) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw cancelled();
  const token = randomInt(2 ** 31 - 1);
  const onAbort = () => {
    db.$queryRaw`
      SELECT pg_cancel_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND classid::int = ${CANCELLABLE} AND objid::int = ${token} AND granted`.catch(
      () => undefined,
    );
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await db.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(${CANCELLABLE}::int, ${token}::int)::text`;
        if (signal.aborted) throw cancelled();
        return work(tx);
      },
      { timeout: TIMEOUT_MS, maxWait: MAX_WAIT_MS },
    );
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
