import { plural } from "#lib/format/plural.ts";
import { type Drop, Drops, unexpected } from "#lib/inputs/drops.ts";
import { reasonOf } from "#lib/log.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import type { TargetClient } from "#lib/scrape/run/fetch-target.ts";
import { ReportSeries } from "#lib/scrape/run/report-series.ts";
import { ScrapeCache } from "#lib/scrape/run/scrape-cache.ts";
import { type Scrape, scrapeOnce } from "#lib/scrape/run/scrape-once.ts";
import { newState, type TargetState } from "#lib/scrape/store/target-state.ts";
import type { Target } from "#lib/scrape/targets/target.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { within } from "#lib/time/within.ts";

/** A scrape that begins later than this is stored for when it began, ms. */
const LATE_MS = 100;
/** How long the end of a scrape that is stopped is waited for, ms. */
const STOP_MS = SECOND_MS;

/** What a loop works with. */
export type LoopContext = {
  settings: ScrapeSettings;
  client: TargetClient;
  maxBytes: number;
  /** @throws what the database says */
  store: (series: IncomingSeries[], at: number, drops: Drops) => Promise<{ dropped: Drop[] }>;
};

/** Where in its interval a target is scraped: by a hash, so that they spread over it. */
const offsetOf = ({ key, intervalMs }: Target): number => Buffer.from(key, "base64url").readUIntBE(0, 6) % intervalMs;

/** What of a scrape is not stored, by reason with an example; undefined where all is. */
function droppedText(drops: Drop[]): string | undefined {
  const parts = drops.map(
    ({ reason, samples, example }) => `${plural(samples, "sample")} by ${reason}, such as ${example}`,
  );
  return parts.length > 0 ? `Not all of its samples are stored: ${parts.join("; ")}`.slice(0, 2_000) : undefined;
}

/** Scrapes a target again and again, by its own interval. */
export class TargetLoop {
  readonly #target: Target;
  readonly #context: LoopContext;
  readonly #cache: ScrapeCache;
  readonly #report: ReportSeries;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #began = false;
  state: TargetState;
  /** Grows with each scrape. */
  version = 1;

  /** `before` scraped the same target under another configuration. */
  constructor(target: Target, context: LoopContext, before?: TargetLoop) {
    this.#target = target;
    this.#context = context;
    this.#cache = new ScrapeCache(context.settings, target.labels, before ? before.#cache : undefined);
    this.#report = new ReportSeries(target.labels);
    this.#began = before ? before.#began : false;
    this.state = before ? { ...before.state, discovered: target.discovered } : newState(target);
  }

  start(): void {
    const { intervalMs } = this.#target;
    const offset = offsetOf(this.#target);
    const now = Date.now();
    const next = (Math.floor((now - offset) / intervalMs) + 1) * intervalMs + offset;
    this.#timer = setTimeout(() => this.#fire(next), next - now);
  }

  /** Ends it within two seconds, whatever its target does; with `ends`, its series too, as it is scraped no more. */
  async stop(ends: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await within(this.#running ?? Promise.resolve(), STOP_MS);
    if (!ends || !this.#began) return;
    const at = Date.now();
    const stored = this.#context.store([...this.#cache.end(at), ...this.#report.at(at, undefined)], at, new Drops());
    // The input is gone, or the database is away: nothing can be done.
    await within(stored, STOP_MS).catch(() => undefined);
  }

  #fire(planned: number): void {
    const now = Date.now();
    // Timers may fire a little early, and a clock may be set.
    const at = Math.abs(now - planned) < LATE_MS ? planned : now;
    this.#running = this.#scrape(at).finally(() => {
      this.#running = undefined;
      if (!this.#stop.signal.aborted) this.start();
    });
  }

  async #scrape(at: number): Promise<void> {
    const { client, maxBytes } = this.#context;
    const options = { client, maxBytes, cache: this.#cache, signal: this.#stop.signal };
    const scrape = await scrapeOnce(this.#target, at, options);
    // What was cut off says nothing of the target.
    if (this.#stop.signal.aborted) return;
    this.#began = true;
    const problem = await this.#keep(scrape, at);
    this.state = {
      ...this.state,
      health: scrape.error === undefined ? "up" : "down",
      at,
      durationS: scrape.durationS,
      samples: scrape.counts.scraped,
      error: scrape.error ?? problem ?? null,
    };
    this.version += 1;
  }

  async #keep(scrape: Scrape, at: number): Promise<string | undefined> {
    try {
      const series = [...scrape.series, ...this.#report.at(at, scrape)];
      const { dropped } = await this.#context.store(series, at, scrape.counts.drops);
      return droppedText(unexpected(dropped));
    } catch (error) {
      return `It was scraped, and its samples are not stored: ${reasonOf(error)}`;
    }
  }
}
