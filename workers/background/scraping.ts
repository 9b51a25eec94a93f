import type { Database } from "#lib/db/client.ts";
import { hasInput } from "#lib/inputs/credentials.ts";
import { log, reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { ScraperProcess } from "../scraper-process.ts";
import type { StopStep } from "../stop.ts";

const FOLLOW_MS = 2 * SECOND_MS;
/** Where a notice was lost, a change is seen no later than this. */
const LOOK_MS = 30 * SECOND_MS;

/** Has the scraper run while an input needs it. */
export class ScraperKeeper {
  readonly #db: Database;
  readonly #scraper: ScraperProcess;
  readonly #looks: NodeJS.Timeout;
  #follows: NodeJS.Timeout | undefined;
  #isNeeded = false;

  constructor(db: Database, program: string) {
    this.#db = db;
    this.#scraper = new ScraperProcess(program);
    this.#looks = setInterval(() => this.look(), LOOK_MS);
  }

  /** Until there is nothing to follow: what wakes for nothing costs all the same. */
  #follow(): void {
    this.#scraper.follow(this.#isNeeded);
    if (this.#isNeeded || this.#scraper.isRunning) {
      this.#follows ??= setInterval(() => this.#follow(), FOLLOW_MS);
      return;
    }
    clearInterval(this.#follows);
    this.#follows = undefined;
  }

  /** Asks whether there is an input that scrapes: at once when one may have changed. */
  look(): void {
    hasInput(this.#db, "scrape")
      .then((isNeeded) => {
        this.#isNeeded = isNeeded;
        this.#follow();
      })
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "the inputs were not read"));
  }

  stopSteps(): StopStep[] {
    const stop = () => {
      for (const timer of [this.#looks, this.#follows]) clearInterval(timer);
      return this.#scraper.stop();
    };
    return [{ name: "scraper", run: stop, reservedMs: 3 * SECOND_MS }];
  }
}
