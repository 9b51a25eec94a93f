import type { Readable } from "node:stream";
import { DomainError } from "#lib/errors.ts";

/** Reads runs of bytes that have their length before them, whatever the pieces they come in. */
export class BackupReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: Readable) {
    this.#source = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next run. @throws DomainError validation where the file ends too early */
  async next(): Promise<Buffer> {
    const length = (await this.#take(4)).readUInt32BE();
    return this.#take(length);
  }

  async #take(length: number): Promise<Buffer> {
    const pieces = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const { value, done } = await this.#source.next();
      if (done) throw new DomainError("validation", "The backup is cut off: it ends too early");
      pieces.push(value);
      have += value.length;
    }
    const all = pieces.length === 1 ? this.#rest : Buffer.concat(pieces);
    this.#rest = all.subarray(length);
    return all.subarray(0, length);
  }
}
