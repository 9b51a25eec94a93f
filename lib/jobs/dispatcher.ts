import type { QueueName } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { dueTimes, QUEUES } from "#lib/jobs/queue.ts";
import { log, reasonOf } from "#lib/log.ts";

/** Works a queue off. Where it answers a time (ms), the queue is not looked at before then. */
export type QueueWork = (signal: AbortSignal) => Promise<unknown>;

/** Where a notice was lost, a job waits no longer than this. */
const MAX_SLEEP_MS = 30_000;
const RETRY_MS = 10_000;

/**
 * Starts the work of each queue when one of its jobs is due, each for itself: one that takes long or fails delays no other. Asleep it asks
 * the database twice a minute; `wake` is for whoever hears that a job was queued.
 */
export class Dispatcher {
  readonly #db: Database;
  readonly #work: Record<QueueName, QueueWork>;
  readonly #running = new Map<QueueName, Promise<void>>();
  readonly #heldUntil = new Map<QueueName, number>();
  #wake: () => void = () => undefined;
  #woken = false;

  constructor(db: Database, work: Record<QueueName, QueueWork>) {
    this.#db = db;
    this.#work = work;
  }

  /** Looks for jobs that are due at once. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Runs until the signal is aborted and what had begun is over. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.wake(), { once: true });
    while (!signal.aborted) {
      const nextAt = await this.#round(signal).catch((error: Error) => {
        log.warn({ reason: reasonOf(error) }, "the queue could not be read");
        return Date.now() + RETRY_MS;
      });
      await this.#sleep(nextAt - Date.now());
    }
    await Promise.all(this.#running.values());
  }

  /** Starts what is due; answers when to look again, ms. */
  async #round(signal: AbortSignal): Promise<number> {
    const now = Date.now();
    let nextAt = now + MAX_SLEEP_MS;
    for (const [queue, dueAt] of await dueTimes(this.#db)) {
      if (!Object.hasOwn(QUEUES, queue) || this.#running.has(queue)) continue;
      const at = Math.max(dueAt, this.#heldUntil.get(queue) ?? 0);
      if (at > now) nextAt = Math.min(nextAt, at);
      else this.#start(queue, signal);
    }
    return nextAt;
  }

  #start(queue: QueueName, signal: AbortSignal): void {
    const work = this.#work[queue](signal)
      .then((until) => {
        if (typeof until === "number") this.#heldUntil.set(queue, until);
      })
      .catch((error: Error) => {
        log.warn({ queue, reason: reasonOf(error) }, "the work of a queue failed");
        this.#heldUntil.set(queue, Date.now() + RETRY_MS);
      })
      .finally(() => {
        this.#running.delete(queue);
        this.wake();
      });
    this.#running.set(queue, work);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#woken || ms <= 0) {
      this.#woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#woken = false;
  }
}
