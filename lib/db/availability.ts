import { type Database, STATUS_LIMIT_MS } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { type Reader, reader } from "#lib/db/reading.ts";
import { DomainError } from "#lib/errors.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { LATE, within } from "#lib/time/within.ts";

/** What is said of a database that is silent for longer than `STATUS_LIMIT_MS`. */
export const silent = (): DomainError =>
  new DomainError(
    "unavailable",
    `The database does not answer within ${STATUS_LIMIT_MS / SECOND_MS} s: it hangs or is overloaded. Try again in a moment`,
    { retryAfterSeconds: 5 },
  );

/** For so long an answer holds, ms: however many ask, the database is asked once. */
const HOLDS_MS = SECOND_MS;

/** Whether the database serves, for whoever must know before anything else is done. */
export class Availability {
  readonly #db: Reader;
  #asked: Promise<DomainError | undefined> | undefined;

  constructor(db: Database) {
    // By Prisma this pool would have a compiler of queries of its own, 6 MB.
    this.#db = reader(db);
  }

  /** Why the database does not serve, within two seconds; undefined where it does. Never rejects. */
  check(): Promise<DomainError | undefined> {
    this.#asked ??= this.#ask().finally(() => {
      setTimeout(() => {
        this.#asked = undefined;
      }, HOLDS_MS).unref();
    });
    return this.#asked;
  }

  async #ask(): Promise<DomainError | undefined> {
    try {
      const answer = await within(
        this.#db.$queryRaw`SELECT 1`.then(() => undefined),
        STATUS_LIMIT_MS,
      );
      return answer === LATE ? silent() : undefined;
    } catch (error) {
      return databaseFailure(error) ?? silent();
    }
  }
}
