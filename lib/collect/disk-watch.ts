import { freeBytes } from "#lib/collect/spool/reserve.ts";
import { log, reasonOf } from "#lib/log.ts";

/** Less room than this (bytes) is worth a warning. */
const LOW_BYTES = 512 * 1024 * 1024;

const EVERY_MS = 30_000;

/** Looks now and then how much room a folder's disk has left; one look at a time, since a dead disk does not answer. */
export class DiskWatch {
  readonly #dir: string;
  readonly #onLook: (lowBytes: number | null) => void;
  readonly #timer: NodeJS.Timeout;
  #looking = false;
  #low = false;

  /** `onLook` hears the bytes that are left where they are few, and null where there are enough. */
  constructor(dir: string, onLook: (lowBytes: number | null) => void) {
    this.#dir = dir;
    this.#onLook = onLook;
    this.#timer = setInterval(() => void this.#look(), EVERY_MS).unref();
    void this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const bytes = await freeBytes(this.#dir);
      const low = bytes < LOW_BYTES;
      const details = { dir: this.#dir, freeMiB: Math.round(bytes / 1024 ** 2) };
      if (low && !this.#low) log.warn(details, "the disk is nearly full: make room, or samples will be lost");
      if (!low && this.#low) log.info(details, "the disk has room again");
      this.#low = low;
      this.#onLook(low ? bytes : null);
    } catch (error) {
      log.debug({ reason: reasonOf(error) }, "the disk's room is not known");
    } finally {
      this.#looking = false;
    }
  }
}
