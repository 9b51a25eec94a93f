import type { Database } from "#lib/db/client.ts";
import type { Drop } from "#lib/inputs/drops.ts";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** How often what was counted is written down, ms. */
const FLUSH_MS = 2 * SECOND_MS;

type Counts = {
  stored: number;
  refused: number;
  problem: string | undefined;
  receivedAt: number;
  drops: Map<string, Drop & { at: number }>;
};

/** Counts what comes by inputs, and writes it down now and then: a request waits for no counter. A kill loses seconds of these. */
export class InputCounters {
  readonly #db: Database;
  #counts = new Map<number, Counts>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Notes what came of a request at `now` (ms). */
  note(hostId: number, stored: number, drops: Drop[], now: number): void {
    const counts = this.#of(hostId);
    counts.stored += stored;
    counts.receivedAt = now;
    for (const { reason, samples, example } of drops) {
      const before = counts.drops.get(reason)?.samples ?? 0;
      counts.drops.set(reason, { reason, samples: before + samples, example, at: now });
    }
  }

  /** Notes a request that was refused whole, and why. */
  noteRefusal(hostId: number, problem: string): void {
    const counts = this.#of(hostId);
    counts.refused += 1;
    counts.problem = problem.slice(0, 500);
  }

  #of(hostId: number): Counts {
    let counts = this.#counts.get(hostId);
    if (!counts) {
      counts = { stored: 0, refused: 0, problem: undefined, receivedAt: 0, drops: new Map() };
      this.#counts.set(hostId, counts);
    }
    this.#timer ??= setTimeout(() => void this.#flushOrWarn(), FLUSH_MS).unref();
    return counts;
  }

  async #flushOrWarn(): Promise<void> {
    await this.flush().catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "counters of inputs are lost"));
  }

  /** Writes down what was counted until now. */
  async flush(now = Date.now()): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [hostId, own] of counts) await this.#write(hostId, own, now);
  }

  async #write(hostId: number, { stored, refused, problem, receivedAt, drops }: Counts, now: number): Promise<void> {
    const minute = new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS);
    const before = new Date(minute.getTime() - MINUTE_MS);
    const received = receivedAt > 0 ? new Date(receivedAt) : null;
    await this.#db.$executeRaw`
      UPDATE input SET stored = stored + ${stored}, refused = refused + ${refused},
        last_received_at = greatest(last_received_at, ${received}::timestamptz),
        problem = coalesce(${problem ?? null}, problem),
        problem_at = CASE WHEN ${problem ?? null}::text IS NULL THEN problem_at ELSE ${new Date(now)}::timestamptz END,
        minute_before = CASE minute_at WHEN ${minute} THEN minute_before WHEN ${before} THEN minute_samples ELSE 0 END,
        minute_samples = CASE minute_at WHEN ${minute} THEN minute_samples ELSE 0 END + ${stored}, minute_at = ${minute}
      WHERE host_id = ${hostId}`;
    for (const { reason, samples, example, at } of drops.values())
      await this.#db.$executeRaw`
        INSERT INTO input_drop (host_id, reason, samples, example, last_at)
        SELECT i.host_id, ${reason}, ${samples}, ${example}, ${new Date(at)} FROM input i WHERE i.host_id = ${hostId}
        ON CONFLICT (host_id, reason) DO UPDATE SET samples = input_drop.samples + excluded.samples,
          example = excluded.example, last_at = greatest(input_drop.last_at, excluded.last_at)`;
  }
}
