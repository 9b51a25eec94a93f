import type { Spool } from "#lib/collect/spool.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";

const RETRY_MS = 1_000;

/** Something that stores a frame for good, or throws. */
export type FrameSink = { append(frame: Frame): Promise<void> };

/**
 * Takes frames and sees that each is stored once and in order: straight into the database while it answers, else onto
 * the spool, which is replayed before anything newer when the database is back.
 */
export class Recorder {
  readonly #sink: FrameSink;
  readonly #spool: Spool;
  #queue: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #replaying = false;
  #closed = false;

  constructor(sink: FrameSink, spool: Spool) {
    this.#sink = sink;
    this.#spool = spool;
    if (spool.frames > 0) this.#retryLater();
  }

  /** Resolves when the frame is safe: in the database or on the disk. */
  async record(frame: Frame): Promise<void> {
    // A long replay must not keep new frames in memory: it takes them from the disk at its end.
    if (this.#replaying) return this.#toSpool(frame);
    this.#queue = this.#queue.then(() => this.#store(frame));
    return this.#queue;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#queue;
  }

  async #store(frame: Frame): Promise<void> {
    if (this.#spool.frames > 0) return this.#toSpool(frame);
    try {
      await this.#sink.append(frame);
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "the database does not take frames: spooling to disk");
      this.#toSpool(frame);
      this.#retryLater();
    }
  }

  #toSpool(frame: Frame): void {
    try {
      this.#spool.append(frame);
    } catch (error) {
      log.error({ reason: reasonOf(error) }, "a frame is lost: neither the database nor the disk takes it");
    }
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.#queue = this.#queue.then(() => this.#replay());
    }, RETRY_MS);
  }

  async #replay(): Promise<void> {
    this.#replaying = true;
    try {
      const stored = await this.#spool.drain((frame) => this.#sink.append(frame));
      log.info({ frames: stored, dropped: this.#spool.dropped }, "the database is back: spool replayed");
    } catch {
      this.#retryLater();
    } finally {
      this.#replaying = false;
    }
  }
}
