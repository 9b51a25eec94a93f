import { Ring } from "#lib/collect/spool/ring.ts";
import type { Spool } from "#lib/collect/spool.ts";
import { isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";

/** Between tries while frames are not taken. */
const RETRY_MS = 1_000;
/** Frames that are kept in memory while neither the database nor the disk takes them, or another recorder stores them. */
const RING_FRAMES = 1_000;
const BATCH = 200;

/** A frame that can never be stored, by its place among those that it was handed on with. */
export type UnstorableFrame = { index: number; reason: string };

/**
 * Something that stores frames for good, all but those that it answers can never be stored.
 * @throws DomainError validation where none was stored and it is the frames that cannot be
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a sink that stores all or none has nothing to answer
export type FrameSink = { append(frames: Frame[]): Promise<UnstorableFrame[] | void> };

/**
 * Where frames go: into the database; onto the disk, since the database is away; into memory, since the disk takes none either; or the newest are
 * only held for a while, since another recorder of the host stores them.
 */
export type RecorderState = "storing" | "spooling" | "memory" | "standby";

/** `lost` counts the frames that memory had no room for. */
export type RecorderStatus = { state: RecorderState; diskFull: boolean; lost: number };

export type RecorderOptions = {
  /** Hears each change of the status. */
  onStatus?: () => void;
  ringFrames?: number;
  /** Whether frames are only held until it is said who stores. */
  undecided?: boolean;
  /** How long to wait (ms) after so many failures in a row. */
  pauseMs?: (failures: number) => number;
};

const isRefusal = (error: unknown): boolean => isDomainError(error) && error.type === "validation";
const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException)?.code ?? "");

const MESSAGES: Record<RecorderState, string> = {
  storing: "frames are stored",
  spooling: "frames are not taken: spooling to disk",
  memory: "the disk does not take frames either: the newest are kept in memory",
  standby: "another recorder of this host stores its frames: standing by",
};

/**
 * Takes frames and sees that each is stored once and in order: straight into the database while it answers, else onto
 * the spool, which is replayed before anything newer when the database is back. A frame that can never be stored is set aside and stops
 * no other. The log tells of a change of the state, not of every frame.
 */
export class Recorder {
  readonly #sink: FrameSink;
  readonly #spool: Spool;
  readonly #onStatus: () => void;
  /** What neither the database nor the disk took. */
  readonly #ring: Ring<Frame>;
  /** What came while another recorder stores. */
  readonly #held: Ring<Frame>;
  #queue: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #replaying = false;
  #closed = false;
  readonly #pauseMs: (failures: number) => number;
  #failures = 0;
  #waits: boolean;
  #status: RecorderStatus = { state: "storing", diskFull: false, lost: 0 };

  constructor(sink: FrameSink, spool: Spool, options: RecorderOptions = {}) {
    const {
      onStatus = () => undefined,
      ringFrames = RING_FRAMES,
      undecided = false,
      pauseMs = () => RETRY_MS,
    } = options;
    this.#pauseMs = pauseMs;
    this.#sink = sink;
    this.#spool = spool;
    this.#onStatus = onStatus;
    this.#ring = new Ring(ringFrames);
    this.#held = new Ring(ringFrames);
    this.#waits = undecided;
    if (!undecided && !spool.isEmpty) this.#retryLater();
  }

  get status(): RecorderStatus {
    return this.#status;
  }

  /** Resolves when frames, which are stored at once, are safe: in the database or on the disk, or as safe as can be. */
  async record(...frames: Frame[]): Promise<void> {
    if (this.#waits) return this.#held.push(...frames);
    // A long replay must not keep new frames in memory: it takes them from the disk at its end.
    if (this.#replaying) return this.#keep(frames);
    this.#queue = this.#queue.then(() => this.#store(frames));
    return this.#queue;
  }

  /** Another recorder stores the same frames: from now on the newest are only held, for the case that it ends. */
  standBy(): void {
    this.#waits = true;
    clearTimeout(this.#retry);
    this.#setState("standby");
  }

  /** Is, or goes on as, the one that stores. `isStored` tells of a held frame whether the other has stored its instant. */
  takeOver(isStored: (frame: Frame) => boolean): void {
    if (!this.#waits) return;
    this.#waits = false;
    for (const frame of this.#held.takeAll()) if (!isStored(frame)) this.#ring.push(frame);
    if (this.#status.state === "standby") this.#setState("storing");
    if (this.#hasBacklog()) this.#queue = this.#queue.then(() => this.#replay());
  }

  /** Tries once more to bring what is only in memory to safety. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#queue;
    if (this.#waits || this.#ring.size === 0) return;
    this.#spoolRing();
    if (this.#ring.size > 0) await this.#replay();
  }

  #hasBacklog(): boolean {
    return !this.#spool.isEmpty || this.#ring.size > 0;
  }

  #setState(state: RecorderState, error?: unknown): void {
    const { state: before, lost } = this.#status;
    if (before === state) return;
    this.#status = { state, diskFull: isFull(error), lost };
    const { frames: spooled, dropped, refused } = this.#spool;
    const counts = { spooled, dropped, refused, lost };
    const calm = state === "storing" || state === "standby";
    log[calm ? "info" : "warn"]({ ...(error ? { reason: reasonOf(error) } : {}), ...counts }, MESSAGES[state]);
    this.#onStatus();
  }

  async #store(frames: Frame[]): Promise<void> {
    if (this.#hasBacklog()) return this.#keep(frames);
    try {
      await this.#storeAll(frames);
    } catch (error) {
      this.#setState("spooling", error);
      this.#keep(frames);
      this.#retryLater();
    }
  }

  /** Stores frames but for those that cannot be stored, which are found by halving. */
  async #storeAll(frames: Frame[]): Promise<void> {
    if (frames.length === 0) return;
    try {
      const refused = (await this.#sink.append(frames)) ?? [];
      this.#failures = 0;
      for (const { index, reason } of refused) this.#spool.refuse(frames[index], reason);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (frames.length === 1) return this.#spool.refuse(frames[0], reasonOf(error));
      const half = Math.ceil(frames.length / 2);
      await this.#storeAll(frames.slice(0, half));
      await this.#storeAll(frames.slice(half));
    }
  }

  /** On the disk, in the order in which they came, or in memory while the disk takes none. */
  #keep(frames: Frame[]): void {
    // What a replay has in its hands stays where it is until it is through.
    const busy = this.#replaying && this.#ring.size > 0;
    this.#ring.push(...frames);
    if (!busy) this.#spoolRing();
    if (this.#ring.lost === this.#status.lost) return;
    if (this.#status.lost === 0)
      log.error("frames are lost: neither the database nor the disk takes them, and memory is full");
    this.#status = { ...this.#status, lost: this.#ring.lost };
    this.#onStatus();
  }

  #spoolRing(): void {
    try {
      for (const frame of this.#ring.oldest(this.#ring.size)) {
        this.#spool.append(frame);
        this.#ring.removeAll([frame]);
      }
      if (this.#status.state === "memory") this.#setState("spooling");
    } catch (error) {
      this.#setState("memory", error);
    }
  }

  #retryLater(): void {
    if (this.#closed || this.#waits) return;
    clearTimeout(this.#retry);
    this.#failures += 1;
    this.#retry = setTimeout(() => {
      this.#queue = this.#queue.then(() => this.#replay());
    }, this.#pauseMs(this.#failures));
  }

  async #replay(): Promise<void> {
    this.#replaying = true;
    try {
      let stored = 0;
      while (this.#hasBacklog() && !this.#waits) {
        stored += await this.#spool.drain((frames) => this.#storeAll(frames));
        const batch = this.#ring.oldest(BATCH);
        await this.#storeAll(batch);
        this.#ring.removeAll(batch);
        stored += batch.length;
      }
      if (stored > 0) log.info({ frames: stored, dropped: this.#spool.dropped }, "what had waited is stored");
      if (!this.#waits) this.#setState("storing");
    } catch (error) {
      if (this.#status.state === "storing") this.#setState("spooling", error);
      this.#retryLater();
    } finally {
      this.#replaying = false;
    }
  }
}
