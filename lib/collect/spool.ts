import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countFrames, LineWriter, readLines, type SpooledLine } from "#lib/collect/spool/lines.ts";
import { RefusedFrames } from "#lib/collect/spool/refused.ts";
import { Reserve } from "#lib/collect/spool/reserve.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";

export type SpoolOptions = { maxBytes?: number; fileBytes?: number; reserveBytes?: number; refusedBytes?: number };

const MIB = 1024 * 1024;
const DEFAULTS = { maxBytes: 64 * MIB, fileBytes: MIB, reserveBytes: 4 * MIB, refusedBytes: MIB };
const BATCH = 200;
/** A file's name: the time it was begun, and a number for those of one ms. */
const NAME = /^\d{15}-\d{4,}\.ndjson$/;
const FULL = ["ENOSPC", "EDQUOT"];

/** A file of the spool: what of it waits, and how many of its lines are done with. */
type SpoolFile = { name: string; bytes: number; frames: number; linesDone: number };

/**
 * Frames on disk, oldest first, while the database is away. A frame is on the disk when `append` returns. Bounded: the
 * oldest file goes when the limit is reached, and `dropped` counts its frames. A file is removed only after `drain`
 * stored all of it, so a kill replays at most that file again, which the store takes for the duplicates they are. On a full disk a
 * reserve is given up first.
 */
export class Spool {
  readonly #dir: string;
  readonly #limits: Required<SpoolOptions>;
  readonly #refused: RefusedFrames;
  readonly #reserve: Reserve;
  #files: SpoolFile[];
  #open: { file: SpoolFile; fd: number; writer: LineWriter } | undefined;
  #bytes = 0;
  #frames = 0;
  #dropped = 0;

  constructor(dir: string, options: SpoolOptions = {}) {
    this.#dir = dir;
    this.#limits = { ...DEFAULTS, ...options };
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#files = findFiles(dir);
    for (const { bytes, frames } of this.#files) {
      this.#bytes += bytes;
      this.#frames += frames;
    }
    this.#refused = new RefusedFrames(join(dir, "refused.ndjson"), this.#limits.refusedBytes);
    this.#reserve = new Reserve(join(dir, "reserve"), this.#limits.reserveBytes);
  }

  /** Frames that wait. */
  get frames(): number {
    return this.#frames;
  }

  /** Does nothing wait, not even a line that is no frame? */
  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  /** Frames that went because the spool was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Frames that can never be stored. */
  get refused(): number {
    return this.#refused.count;
  }

  /** @throws what the file system says when the disk takes nothing more, also after the reserve was given up */
  append(frame: Frame): void {
    try {
      this.#write(frame);
    } catch (error) {
      if (!FULL.includes((error as NodeJS.ErrnoException).code ?? "") || !this.#reserve.giveUp()) throw error;
      this.#write(frame);
    }
    this.#enforceLimit();
  }

  /** Sets aside what can never be stored. */
  refuse(content: unknown, reason: string): void {
    this.#refused.add(content, reason);
  }

  /** Makes the reserve again, once there is room. */
  holdReserve(): void {
    this.#reserve.hold();
  }

  /**
   * Hands all frames to `store` in order, in batches, those appended meanwhile included. Stops at the first batch that fails, with that
   * error, losing none. Answers how many were stored.
   */
  async drain(store: (frames: Frame[]) => Promise<void>): Promise<number> {
    for (let stored = 0; ; ) {
      const [file] = this.#files;
      if (!file) return stored;
      stored += await this.#drainFile(file, store);
    }
  }

  /** Of the file that is being written only the first batch: while the database is away it stays open, or each try would begin another. */
  async #drainFile(file: SpoolFile, store: (frames: Frame[]) => Promise<void>): Promise<number> {
    const text = await readFile(join(this.#dir, file.name), "utf8").catch((error: Error) => error);
    if (typeof text !== "string") return this.#leave(file, text);
    const written = this.#open?.file === file;
    let stored = 0;
    for (const batch of batches(readLines(text), file.linesDone)) {
      const frames = batch.flatMap((entry) => ("frame" in entry ? [entry.frame] : []));
      if (frames.length > 0) await store(frames);
      for (const entry of batch) if (!("frame" in entry)) this.refuse(entry.text, entry.reason);
      file.linesDone = (batch.at(-1)?.number ?? 0) + 1;
      this.#countDown(file, batch.length);
      stored += frames.length;
      if (written) break;
    }
    if (this.#open?.file === file) this.#close();
    else if (!written) this.#remove(file);
    return stored;
  }

  /** A file that cannot be read stays where it is, for a person, and stops no other. */
  #leave(file: SpoolFile, error: Error): 0 {
    this.refuse(file.name, `the file cannot be read: ${reasonOf(error)}`);
    if (this.#open?.file === file) this.#close();
    this.#forget(file);
    return 0;
  }

  #write(frame: Frame): void {
    this.#open ??= this.#create();
    const { file, fd, writer } = this.#open;
    const { text, written } = writer.lines(frame);
    try {
      writeAll(fd, text);
      fdatasyncSync(fd);
    } catch (error) {
      this.#takeBack(file, fd);
      throw error;
    }
    written();
    const bytes = Buffer.byteLength(text);
    file.bytes += bytes;
    file.frames += 1;
    this.#bytes += bytes;
    this.#frames += 1;
    if (file.bytes >= this.#limits.fileBytes) this.#close();
  }

  /** Half a frame must not stand before the next one. */
  #takeBack(file: SpoolFile, fd: number): void {
    try {
      if (file.bytes === 0) throw new Error("nothing is in it");
      ftruncateSync(fd, file.bytes);
    } catch {
      this.#close();
      if (file.bytes === 0) this.#remove(file);
    }
  }

  #create() {
    // Names sort by time, also when the clock is set back; two files made in one ms are told apart by the number.
    const time = Math.max(Date.now(), Number(this.#files.at(-1)?.name.slice(0, 15) ?? 0));
    let name: string;
    let n = 0;
    do name = `${String(time).padStart(15, "0")}-${String(n++).padStart(4, "0")}.ndjson`;
    while (existsSync(join(this.#dir, name)));
    const fd = openSync(join(this.#dir, name), "ax", 0o600);
    const file: SpoolFile = { name, bytes: 0, frames: 0, linesDone: 0 };
    this.#files.push(file);
    return { file, fd, writer: new LineWriter() };
  }

  #close(): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }

  #countDown(file: SpoolFile, frames: number): void {
    const gone = Math.min(file.frames, frames);
    file.frames -= gone;
    if (this.#files.includes(file)) this.#frames -= gone;
  }

  #remove(file: SpoolFile): void {
    rmSync(join(this.#dir, file.name), { force: true });
    this.#forget(file);
  }

  #forget(file: SpoolFile): void {
    if (!this.#files.includes(file)) return;
    this.#files = this.#files.filter((other) => other !== file);
    this.#bytes -= file.bytes;
    this.#frames -= file.frames;
  }

  #enforceLimit(): void {
    for (const file of [...this.#files]) {
      if (this.#bytes <= this.#limits.maxBytes || file === this.#open?.file) return;
      this.#dropped += file.frames;
      this.#remove(file);
    }
  }
}

/** The files of a folder, oldest first, each with its frames counted. */
function findFiles(dir: string): SpoolFile[] {
  const names = readdirSync(dir).filter((name) => NAME.test(name));
  return names.sort().flatMap((name) => {
    try {
      const content = readFileSync(join(dir, name));
      return [{ name, bytes: content.length, frames: countFrames(content), linesDone: 0 }];
    } catch (error) {
      log.warn({ file: name, reason: reasonOf(error) }, "a file of the spool cannot be read: it is left");
      return [];
    }
  });
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Lines from a number on, some at a time. */
function* batches(lines: Iterable<SpooledLine>, from: number): Generator<SpooledLine[]> {
  let batch: SpooledLine[] = [];
  for (const entry of lines) {
    if (entry.number < from) continue;
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
