import type { MetricKind } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { log, reasonOf } from "#lib/log.ts";
import { isAhead, latestNow } from "#lib/time/clock.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { type FrameNotice, FUTURE_MS } from "#lib/tsdb/append.ts";
import { readKinds } from "#lib/tsdb/catalog.ts";
import { type ShownValues, shownValues } from "#lib/tsdb/points.ts";
import { readAfter, readNewest, readSince, type StoredFrame } from "#lib/tsdb/query.ts";

/** A frame ready to be sent: every value as it is shown. */
export type LiveFrame = { host: number; source: number; at: number; storedAt?: number; values: ShownValues };

export type Subscriber = { onFrame(frame: LiveFrame): void; onStale(host: number): void; onAlerts(): void };

/** What a reconnecting browser can be sent again: an hour at 5 s from two sources, and a little. */
const MAX_REPLAY = 1_600;
const LOOK_BACK_MS = MINUTE_MS;
/** Frames are there for this long at least; compaction may have taken older ones. */
const REPLAY_MS = 9 * MINUTE_MS;
const MAX_EARLY = 1_000;
const MAX_BATCH = 100;
const STALE_DELAY_MS = 500;

type SourceState = {
  /** Every frame up to this instant has been sent. */
  upTo: number;
  /** Instants that were told of and not yet sent. */
  notified: Set<number>;
  /** Instants that were sent before they were told of: a read finds what was committed meanwhile too. */
  early: Set<number>;
  last: StoredFrame | undefined;
  storedAt: number;
  busy: boolean;
};

const newState = (at: number): SourceState => ({
  upTo: at - 1,
  notified: new Set(),
  early: new Set(),
  last: undefined,
  storedAt: 0,
  busy: false,
});

/** Turns notices of stored frames into live frames, each read once however many browsers want it. */
export class Hub {
  readonly #db: Database;
  readonly #subscribers = new Set<Subscriber>();
  readonly #sources = new Map<string, SourceState>();
  readonly #kinds = new Map<number, MetricKind>();
  readonly #stale = new Map<number, NodeJS.Timeout>();

  constructor(db: Database) {
    this.#db = db;
  }

  add(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  async notice({ host, source, at, storedAt }: Omit<FrameNotice, "from">): Promise<void> {
    const key = `${host}/${source}`;
    // Nobody looks: the next one who does begins afresh.
    if (this.#subscribers.size === 0) return void this.#sources.delete(key);
    if (at > Date.now() + FUTURE_MS) return;
    const state = this.#stateOf(key, host, at);
    if (state.early.delete(at)) return;
    if (at <= state.upTo) return this.#announceStale(host);
    state.notified.add(at);
    state.storedAt = storedAt;
    if (state.busy) return;
    state.busy = true;
    try {
      while (state.notified.size > 0) await this.#read(host, source, state);
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "live frames could not be read");
    } finally {
      state.busy = false;
    }
  }

  /** Where a source stands. One that stands in the future, and goes on before, does so by a clock that was set back: it begins afresh. */
  #stateOf(key: string, host: number, at: number): SourceState {
    const existing = this.#sources.get(key);
    if (existing && (at > existing.upTo || !isAhead(existing.upTo, Date.now()))) return existing;
    if (existing) this.#announceStale(host);
    const state = newState(at);
    this.#sources.set(key, state);
    return state;
  }

  /** Alerts have changed, or may have. */
  alertsChanged(): void {
    for (const subscriber of this.#subscribers) subscriber.onAlerts();
  }

  /** Notices may have been missed while the listener was away: what browsers have is no longer complete. */
  reconnected(): void {
    for (const key of this.#sources.keys()) this.#announceStale(Number(key.split("/")[0]));
    this.#sources.clear();
    this.alertsChanged();
  }

  /** Frames of a host after an instant, oldest first; undefined when they are too many to send again. */
  async since(host: number, after: number): Promise<LiveFrame[] | undefined> {
    const now = Date.now();
    const upTo = this.#newestOf(host) ?? latestNow(now);
    // A browser that has more than there is has it from before a clock was set back.
    if (now - after > REPLAY_MS || after > upTo) return undefined;
    // One frame of each source before the instant, so that counters have a rate from the first one on.
    const frames = await readSince(this.#db, host, { after: after - LOOK_BACK_MS, upTo }, MAX_REPLAY);
    if (frames.length === MAX_REPLAY) return undefined;
    await this.#learnKinds(host, frames);
    const last = new Map<number, StoredFrame>();
    const live: LiveFrame[] = [];
    for (const frame of frames) {
      if (frame.at > after)
        live.push({ host, source: frame.sourceId, at: frame.at, values: this.#shown(frame, last.get(frame.sourceId)) });
      last.set(frame.sourceId, frame);
    }
    return live;
  }

  /** Up to where the live frames of a host have come. */
  #newestOf(host: number): number | undefined {
    const all = [...this.#sources].filter(([key]) => key.startsWith(`${host}/`)).map(([, { upTo }]) => upTo);
    return all.length > 0 ? Math.max(...all) : undefined;
  }

  /** Sends what is newer than the last frame sent, as far as was told of: behind that may lie what a wrong clock wrote. */
  async #read(host: number, source: number, state: SourceState): Promise<void> {
    const sourceRef = { hostId: host, sourceId: source };
    const range = { after: state.upTo, upTo: Math.max(...state.notified) };
    state.last ??= (await readNewest(this.#db, sourceRef, 1, state.upTo))[0];
    const frames = await readAfter(this.#db, sourceRef, range, MAX_BATCH);
    await this.#learnKinds(host, frames);
    for (const frame of frames) {
      const values = this.#shown(frame, state.last);
      state.last = frame;
      state.upTo = frame.at;
      if (!state.notified.delete(frame.at)) state.early.add(frame.at);
      for (const subscriber of this.#subscribers) {
        subscriber.onFrame({ host, source, at: frame.at, storedAt: state.storedAt, values });
      }
    }
    // Of frames in bulk only the newest is told of.
    if (state.early.size > MAX_EARLY) state.early.clear();
    if (frames.length === MAX_BATCH) return;
    // What was told of and is not there was deleted meanwhile.
    for (const at of state.notified) if (at <= state.upTo || frames.length === 0) state.notified.delete(at);
  }

  #shown(frame: StoredFrame, before: StoredFrame | undefined): ShownValues {
    return shownValues(frame, before, (id) => this.#kinds.get(id) ?? "gauge");
  }

  async #learnKinds(host: number, frames: StoredFrame[]): Promise<void> {
    const unknown = new Set(frames.flatMap((frame) => frame.seriesIds).filter((id) => !this.#kinds.has(id)));
    if (unknown.size === 0) return;
    for (const [id, kind] of await readKinds(this.#db, host, [...unknown])) this.#kinds.set(id, kind);
  }

  #announceStale(host: number): void {
    if (this.#stale.has(host)) return;
    const timer = setTimeout(() => {
      this.#stale.delete(host);
      for (const subscriber of this.#subscribers) subscriber.onStale(host);
    }, STALE_DELAY_MS);
    this.#stale.set(host, timer);
  }
}
