import { appendFileSync, statSync } from "node:fs";
import { log, reasonOf } from "#lib/log.ts";

/**
 * Frames that can never be stored, set aside in a file for a person to look at. Bounded: when it is full they are only counted. The log tells of
 * the first for each reason.
 */
export class RefusedFrames {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #reasons = new Set<string>();
  #bytes: number;
  #count = 0;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Never throws: a full disk loses what is of no use anyway. */
  add(content: unknown, reason: string): void {
    this.#count += 1;
    if (!this.#reasons.has(reason) && this.#reasons.size < MAX_REASONS) {
      this.#reasons.add(reason);
      log.warn(
        { reason, file: this.#path },
        "a frame cannot be stored and was set aside; the log tells of a reason once",
      );
    }
    const text = `${JSON.stringify({ at: new Date().toISOString(), reason, frame: content })}\n`;
    if (this.#bytes + text.length > this.#maxBytes) return;
    try {
      appendFileSync(this.#path, text, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      log.debug({ reason: reasonOf(error) }, "a refused frame was not set aside");
    }
  }
}

const MAX_REASONS = 100;
