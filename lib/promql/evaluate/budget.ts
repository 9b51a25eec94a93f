import { executionError, QueryError } from "#lib/promql/query/error.ts";
import { MAX_QUERY_SAMPLES, QUERY_LIMIT_MS } from "#lib/promql/query/limits.ts";
import { Turn } from "#lib/time/turn.ts";

export type Limits = { samples?: number | undefined; timeMs?: number | undefined; signal?: AbortSignal | undefined };

/** What is left to one query of samples and time; it also lets other work have its turn. */
export class QueryBudget {
  readonly #signal: AbortSignal | undefined;
  readonly #endsAt: number;
  #samples: number;
  readonly #turn = new Turn();

  constructor({ samples = MAX_QUERY_SAMPLES, timeMs = QUERY_LIMIT_MS, signal }: Limits = {}) {
    this.#samples = samples;
    this.#endsAt = performance.now() + Math.min(timeMs, QUERY_LIMIT_MS);
    this.#signal = signal;
  }

  /** Takes samples before they are read or computed. @throws QueryError execution when there are too many */
  take(samples: number): void {
    this.#samples -= samples;
    if (this.#samples < 0)
      throw executionError("query processing would load too many samples into memory in query execution");
  }

  /** How long the query may still take, in ms. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** @throws QueryError canceled, timeout */
  assertRunning(): void {
    if (this.#signal?.aborted) throw new QueryError("canceled", "query was canceled in expression evaluation");
    if (performance.now() >= this.#endsAt) throw new QueryError("timeout", "query timed out in expression evaluation");
  }

  /** Something to wait for where others are due a turn: called between pieces of work, waited for only where it is there. */
  pause(): Promise<void> | undefined {
    if (!this.#turn.isOver) return undefined;
    this.assertRunning();
    return this.#yield();
  }

  async #yield(): Promise<void> {
    await this.#turn.end();
    this.assertRunning();
  }
}
