import type { Resolution } from "#lib/contract/enums.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { LastSample } from "#lib/tsdb/chunks/rollup.ts";
import type { StepColumns } from "#lib/tsdb/chunks/steps.ts";
import type { GrowingRun } from "#lib/tsdb/held/growing-run.ts";

/** NOTIFY channel: at commit, that chunks of a host changed; the payload is its id. A trigger sends it, whoever writes. */
export const CHUNK_CHANNEL = "sightline_chunks";

/** So many bytes are held at most. */
const MOST_BYTES = 16 * 1024 ** 2;
/** So long (ms) something is held that nobody asks for. */
const IDLE_MS = 2 * MINUTE_MS;
const SWEEP_MS = 30 * SECOND_MS;
/** So long (ms) without any notice what is held counts as current: where their connection hangs, nothing is held for ever. */
const SILENT_MS = MINUTE_MS;
/** So many notices of a source are remembered; what was read before them is read anew. */
const MOST_NOTICES = 256;

/** The newest frame of a source up to now: its instant, and how far apart (ms) its frames are meant to be. */
export type Newest = { at: number; intervalMs: number };

/** Of where a series is stored, in which resolution. */
export type HeldKey = { hostId: number; sourceId: number; id: number; resolution: Resolution };

/**
 * What was read of a series since an instant (ms), all of it up to when it was read. Of raw samples `run` has those of chunks and frames together; of a coarser
 * resolution `steps` has those of chunks, `run` the samples of frames, and `last` the sample before these.
 */
export type HeldRead = {
  from: number;
  run: GrowingRun;
  steps: StepColumns[];
  last: LastSample | undefined;
  newest: Newest | undefined;
  /** A frame that comes before it (ms) belongs among what was joined: all is read anew then. */
  joinedUntil: number;
};

type Entry = HeldRead & { hostId: number; seen: number; readAt: number; usedAt: number; bytes: number };

/** Frames of a source that came, by where they begin (ms), in the order of their notices. */
class Arrivals {
  #count = 0;
  readonly #starts: number[] = [];

  get count(): number {
    return this.#count;
  }

  add(from: number): void {
    this.#count += 1;
    this.#starts.push(from);
    if (this.#starts.length > MOST_NOTICES) this.#starts.shift();
  }

  /** Where the first of those begins that came since there were so many. */
  since(count: number): number {
    const fresh = this.#count - count;
    if (fresh > this.#starts.length) return Number.NEGATIVE_INFINITY;
    return fresh === 0 ? Number.POSITIVE_INFINITY : Math.min(...this.#starts.slice(-fresh));
  }
}

const sourceKey = ({ hostId, sourceId }: Pick<HeldKey, "hostId" | "sourceId">): string => `${hostId}.${sourceId}`;
const keyOf = ({ hostId, id, resolution }: HeldKey): string => `${hostId}.${id}.${resolution}`;

const STEP_BYTES = 8 * Float64Array.BYTES_PER_ELEMENT;
const bytesOf = ({ run, steps }: HeldRead): number =>
  run.bytes + steps.reduce((sum, { times }) => sum + times.length * STEP_BYTES, 0);

/** Where reading stood as it began: what came since is not in what it gives. */
export type Moment = { drops: number; arrivals: Map<string, number> };

/** What was read of series and has not changed since, as notices say; nothing while none come. */
export class HeldSeries {
  #isNotified = false;
  #noticedAt = 0;
  /** How often something was dropped: what was begun to be read before may be of before a change. */
  #drops = 0;
  #bytes = 0;
  #sweeper: NodeJS.Timeout | undefined;
  /** Those that were used last at the end. */
  readonly #entries = new Map<string, Entry>();
  readonly #arrivals = new Map<string, Arrivals>();

  /** From now on notices come. */
  begin(): void {
    this.clear();
    this.#isNotified = true;
  }

  /** Notices come no longer. */
  end(): void {
    this.#isNotified = false;
    this.clear();
  }

  get isNotified(): boolean {
    return this.#isNotified;
  }

  /** Drops all. */
  clear(): void {
    this.#drops += 1;
    this.#entries.clear();
    this.#arrivals.clear();
    this.#bytes = 0;
  }

  /** Chunks of a host changed, and with them its frames. */
  chunksChanged(hostId: number): void {
    this.#noticedAt = performance.now();
    this.#drops += 1;
    for (const [key, entry] of this.#entries) if (entry.hostId === hostId) this.#delete(key, entry);
  }

  /** Frames of a source came, or were completed; the first of them is at `from` (ms). */
  framesCame(source: { hostId: number; sourceId: number }, from: number): void {
    this.#noticedAt = performance.now();
    this.#arrivals.get(sourceKey(source))?.add(from);
  }

  #delete(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  /** Where reading of some series stands that begins now. */
  momentOf(keys: readonly HeldKey[]): Moment {
    const arrivals = new Map<string, number>();
    for (const key of keys) {
      const source = sourceKey(key);
      let own = this.#arrivals.get(source);
      if (!own) {
        own = new Arrivals();
        this.#arrivals.set(source, own);
      }
      arrivals.set(source, own.count);
    }
    return { drops: this.#drops, arrivals };
  }

  /** What is held of a series since an instant (ms), and from which instant on it is to be read anew: Infinity where it is current. */
  find(key: HeldKey, from: number): { entry: HeldRead; staleFrom: number } | undefined {
    const entry = this.#entries.get(keyOf(key));
    if (!entry || entry.from > from) return undefined;
    const now = performance.now();
    if (now - Math.max(entry.readAt, this.#noticedAt) > SILENT_MS) return undefined;
    const staleFrom = this.#arrivals.get(sourceKey(key))?.since(entry.seen) ?? Number.NEGATIVE_INFINITY;
    if (staleFrom < entry.joinedUntil) return undefined;
    this.#entries.delete(keyOf(key));
    this.#entries.set(keyOf(key), entry);
    entry.usedAt = now;
    return { entry, staleFrom };
  }

  /** Holds what was read, or what of it was read anew, since a moment. */
  keep(key: HeldKey, read: HeldRead, moment: Moment): void {
    const seen = moment.arrivals.get(sourceKey(key));
    if (!this.#isNotified || moment.drops !== this.#drops || seen === undefined) return;
    const before = this.#entries.get(keyOf(key));
    // Of two that read at once the one that reaches further serves both.
    if (before && before.from < read.from && before.seen >= seen) return;
    if (before) this.#delete(keyOf(key), before);
    const now = performance.now();
    const bytes = bytesOf(read);
    this.#entries.set(keyOf(key), { ...read, hostId: key.hostId, seen, readAt: now, usedAt: now, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#delete(oldest, entry);
    }
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  #sweep(): void {
    const before = performance.now() - IDLE_MS;
    for (const [key, entry] of this.#entries) if (entry.usedAt < before) this.#delete(key, entry);
    if (this.#entries.size > 0) return;
    this.clear();
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

const shared = globalThis as typeof globalThis & { sightlineSeries?: HeldSeries };

/** What this process holds of series; the same when a bundler loads this module twice. */
export function heldSeries(): HeldSeries {
  shared.sightlineSeries ??= new HeldSeries();
  return shared.sightlineSeries;
}
