import { type Identity, runOf } from "#lib/databases/read/identity.ts";
import { readStatements, readTexts, type StatementReading } from "#lib/databases/read/statements.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";
import { keptStatements, storeStatements } from "#lib/databases/store/history.ts";
import type { ServerKey } from "#lib/databases/store/servers.ts";
import { REST, statementDeltas } from "#lib/databases/store/statement-deltas.ts";
import { saveTexts, unknownTexts } from "#lib/databases/store/statement-texts.ts";
import type { Database } from "#lib/db/client.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const TEXT_LENGTH = 8_000;

/** Follows the totals of pg_stat_statements from minute to minute, and stores what was added. */
export class StatementTracker {
  readonly #db: Database;
  readonly #key: ServerKey;
  #before: { run: string; at: number; reading: StatementReading } | undefined;

  constructor(db: Database, key: ServerKey) {
    this.#db = db;
    this.#key = key;
  }

  /**
   * Reads the totals at `at` (ms) and stores what each statement did since the reading before, under the minute `minute` (ms). The first reading of a
   * run of the server is only begun from. What could not be stored is in the next.
   */
  async read(session: ServerSession, identity: Identity, at: number, minute: number): Promise<void> {
    const reading = await readStatements(session, identity);
    if (!reading) {
      this.#before = undefined;
      return;
    }
    const run = runOf(identity);
    const before = this.#before;
    if (before?.run === run && at > before.at) {
      const statements = keptStatements(statementDeltas(before.reading, reading));
      await this.#saveTexts(
        session,
        identity,
        statements.map(({ queryId }) => queryId),
        at,
      );
      await storeStatements(this.#db, this.#key, minute, {
        spanS: Math.round((at - before.at) / SECOND_MS),
        statements,
      });
    }
    this.#before = { run, at, reading };
  }

  /** Reading any text reads all of them: only where one is not known. */
  async #saveTexts(session: ServerSession, identity: Identity, queryIds: string[], at: number): Promise<void> {
    const ids = [...new Set(queryIds)].filter((id) => id !== REST);
    const unknown = await unknownTexts(this.#db, this.#key, ids, at);
    await saveTexts(this.#db, this.#key, await readTexts(session, identity, unknown, TEXT_LENGTH), at);
  }
}
