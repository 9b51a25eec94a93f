import { existsSync, rmSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";

/** A file of some bytes that is given up when the disk is full, so that what matters can still be written. */
export class Reserve {
  readonly #path: string;
  readonly #bytes: number;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
    this.hold();
  }

  /** Makes the file where it is missing; a disk without room for it stays without. */
  hold(): void {
    if (this.#bytes === 0 || existsSync(this.#path)) return;
    try {
      // Not zeros, which some file systems do not store.
      writeFileSync(this.#path, Buffer.alloc(this.#bytes, "sightline"), { mode: 0o600 });
    } catch {
      this.giveUp();
    }
  }

  /** Answers whether there was anything to give up. */
  giveUp(): boolean {
    const held = existsSync(this.#path);
    rmSync(this.#path, { force: true });
    return held;
  }
}

/** Bytes that an ordinary program can still write in a folder's file system. */
export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
