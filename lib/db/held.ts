import type { Reader } from "#lib/db/reading.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** NOTIFY channel: at commit, that rows of a table changed; the payload is its name. Triggers send it, whoever writes. */
export const CHANGE_CHANNEL = "sightline_changed";

/** Tables of whose changes there are notices. */
type NotifiedTable =
  | ("host" | "series" | "setting" | "api_token")
  | ("alert_rule" | "alert_instance" | "alert_channel" | "alert_delivery")
  | ("work_failure" | "performance_anomaly" | "database_server");

/** So long something is held at most, unless somebody begins with another time: where the connection of the notices hangs, nothing is held for ever. */
const MOST_MS = 10 * SECOND_MS;
/** A longer list is not held. */
const MOST_ROWS = 2_000;
/** So many answers are held of a table; then all are read anew. */
const MOST_ANSWERS = 500;

/** What is not there is asked for again, and a long list is too much to hold. */
const isHeld = (found: unknown): boolean => found !== undefined && !(Array.isArray(found) && found.length > MOST_ROWS);

type Answer = { at: number; value: Promise<unknown> };

/** What was read and has not changed since. Nothing is held while no notices of changes come. */
export class Held {
  #isNotified = false;
  #mostMs = MOST_MS;
  readonly #answers = new Map<string, Map<string, Answer>>();

  /** From now on notices come, and something is held for so long (ms) at most; what was read before may be of before a change. */
  begin(mostMs = MOST_MS): void {
    this.#answers.clear();
    this.#mostMs = mostMs;
    this.#isNotified = true;
  }

  /** Notices come no longer. */
  end(): void {
    this.#isNotified = false;
    this.#answers.clear();
  }

  /** Rows of a table changed. What is being read for somebody now is not held either. */
  changed(table: string): void {
    this.#answers.delete(table);
    // Whose a token is, and whether they may come, stands with the account.
    if (table === "user") this.#answers.delete("api_token" satisfies NotifiedTable);
  }

  /** Somebody changed something by this process: whoever asks it next sees that, also before the notice comes. */
  changedHere(): void {
    this.#answers.clear();
  }

  /** What was read before by this key, or is read now. Nobody may change it. */
  get<T>(table: NotifiedTable, key: string, read: () => Promise<T>): Promise<T> {
    if (!this.#isNotified) return read();
    let answers = this.#answers.get(table);
    if (!answers || answers.size >= MOST_ANSWERS) {
      answers = new Map();
      this.#answers.set(table, answers);
    }
    const own = answers;
    const now = performance.now();
    const before = own.get(key);
    if (before && now - before.at < this.#mostMs) return before.value as Promise<T>;
    const value = read();
    own.set(key, { at: now, value });
    const forget = () => own.get(key)?.value === value && own.delete(key);
    value.then((found) => isHeld(found) || forget(), forget);
    return value;
  }
}

const shared = globalThis as typeof globalThis & { sightlineHeld?: Held };

/** What this process holds; the same when a bundler loads this module twice. */
export function held(): Held {
  shared.sightlineHeld ??= new Held();
  return shared.sightlineHeld;
}

/** Reads, or takes what is held of before: only where reading is not part of a transaction, which may have changed what it reads. */
export const readHeld = <T>(db: Reader, table: NotifiedTable, key: string, read: () => Promise<T>): Promise<T> =>
  db.isApart ? held().get(table, key, read) : read();
