import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Frame, Labels, Reading, SeriesMetadata, SourceRef } from "#lib/metrics/frame.ts";

/** The shape of frames is written once per file; each frame then names it by number. */
type SpooledSeries = [metric: string, labels: Labels, metadata?: Partial<SeriesMetadata>];
type ShapeLine = { shape: number; source: SourceRef; intervalMs: number; series: SpooledSeries[] };
type FrameLine = { of: number; at: number; values: (number | null)[] };

export type SpoolOptions = { maxBytes?: number; fileBytes?: number };

const DEFAULTS = { maxBytes: 64 * 1024 * 1024, fileBytes: 1024 * 1024 };

/**
 * Frames on disk, oldest first, while the database is away. A frame is on the disk when `append` returns. Bounded: the
 * oldest file goes when the limit is reached, and `dropped` counts its frames. A file is removed only after `drain`
 * stored all of it, so a kill replays at most that file again, which the store takes for the duplicates they are.
 */
export class Spool {
  readonly #dir: string;
  readonly #limits: Required<SpoolOptions>;
  readonly #counts = new Map<string, number>();
  #open: { name: string; fd: number; bytes: number; shapes: Map<string, number> } | undefined;
  #dropped = 0;

  constructor(dir: string, options: SpoolOptions = {}) {
    this.#dir = dir;
    this.#limits = { ...DEFAULTS, ...options };
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const name of this.#names()) this.#counts.set(name, this.#read(name).length);
  }

  get frames(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get dropped(): number {
    return this.#dropped;
  }

  append(frame: Frame): void {
    this.#open ??= this.#create();
    const file = this.#open;
    const series = frame.readings.map(spooled);
    const shapeKey = JSON.stringify([frame.source, frame.intervalMs, series]);
    let text = "";
    let shapeIndex = file.shapes.get(shapeKey);
    if (shapeIndex === undefined) {
      shapeIndex = file.shapes.size;
      file.shapes.set(shapeKey, shapeIndex);
      text = line({ shape: shapeIndex, source: frame.source, intervalMs: frame.intervalMs, series });
    }
    text += line({ of: shapeIndex, at: frame.at, values: frame.readings.map((r) => r.value) });
    file.bytes += writeSync(file.fd, text);
    fdatasyncSync(file.fd);
    this.#counts.set(file.name, (this.#counts.get(file.name) ?? 0) + 1);
    if (file.bytes >= this.#limits.fileBytes) this.#close();
    this.#enforceLimit();
  }

  /**
   * Hands every frame to `store` in order, those appended meanwhile included. Stops at the first that fails, with that
   * error, losing none.
   */
  async drain(store: (frame: Frame) => Promise<void>): Promise<number> {
    for (let stored = 0; ; ) {
      this.#close();
      const [name] = this.#names();
      if (!name) return stored;
      for (const frame of this.#read(name)) {
        await store(frame);
        stored += 1;
      }
      this.#remove(name);
    }
  }

  #names(): string[] {
    return readdirSync(this.#dir)
      .filter((name) => name.endsWith(".ndjson"))
      .sort();
  }

  #create() {
    // Names sort by time; two files made in one ms are told apart by the counter.
    let name: string;
    let n = 0;
    do name = `${String(Date.now()).padStart(15, "0")}-${String(n++).padStart(4, "0")}.ndjson`;
    while (existsSync(join(this.#dir, name)));
    return { name, fd: openSync(join(this.#dir, name), "ax", 0o600), bytes: 0, shapes: new Map<string, number>() };
  }

  #close(): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }

  #remove(name: string): void {
    rmSync(join(this.#dir, name), { force: true });
    this.#counts.delete(name);
  }

  #enforceLimit(): void {
    const names = this.#names();
    let bytes = names.reduce((sum, name) => sum + statSync(join(this.#dir, name)).size, 0);
    for (const name of names) {
      if (bytes <= this.#limits.maxBytes || name === this.#open?.name) return;
      bytes -= statSync(join(this.#dir, name)).size;
      this.#dropped += this.#counts.get(name) ?? 0;
      this.#remove(name);
    }
  }

  #read(name: string): Frame[] {
    const shapes = new Map<number, ShapeLine>();
    const frames: Frame[] = [];
    for (const text of readFileSync(join(this.#dir, name), "utf8").split("\n")) {
      const entry = parse(text);
      if (!entry) continue;
      if ("shape" in entry) {
        shapes.set(entry.shape, entry);
        continue;
      }
      const shape = shapes.get(entry.of);
      if (!shape) continue;
      const readings = shape.series.map(([metric, labels, metadata], i) => ({
        ...{ metric, labels, ...metadata },
        value: entry.values[i] ?? null,
      }));
      frames.push({ source: shape.source, intervalMs: shape.intervalMs, at: entry.at, readings });
    }
    return frames;
  }
}

function spooled({ metric, labels, value: _, ...metadata }: Reading): SpooledSeries {
  return Object.keys(metadata).length > 0 ? [metric, labels, metadata] : [metric, labels];
}

const line = (entry: ShapeLine | FrameLine) => `${JSON.stringify(entry)}\n`;

/** A kill in the middle of a write leaves half a line at the end of a file: that frame was never acknowledged. */
function parse(text: string): ShapeLine | FrameLine | undefined {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
