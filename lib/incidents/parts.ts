import { isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";

/** A part that could not be read, and why, for a reader. */
export type FailedPart = { part: string; message: string };

/** Reads parts by their names side by side: where some fail, the others are there, and each that failed says why. */
export class Parts {
  readonly failed: FailedPart[] = [];

  /** What a part is, or `none` where it cannot be read. */
  async read<T>(part: string, reading: () => Promise<T>, none: T): Promise<T> {
    try {
      return await reading();
    } catch (error) {
      if (!isDomainError(error))
        log.error({ part, reason: reasonOf(error) }, "a part of an incident could not be read");
      const message = isDomainError(error) ? error.message : "It could not be read: try again. The log says why";
      this.failed.push({ part, message });
      return none;
    }
  }
}
