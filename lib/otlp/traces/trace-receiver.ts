import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import { samplesBefore } from "#lib/otlp/metrics/accumulate.ts";
import { seriesOf, streamKey } from "#lib/otlp/metrics/streams.ts";
import { addTotals } from "#lib/otlp/metrics/totals.ts";
import { SpanRates } from "#lib/otlp/traces/rates.ts";
import type { ReadSpan } from "#lib/otlp/traces/read-spans.ts";
import { RecentIds } from "#lib/otlp/traces/recent-ids.ts";
import { isCounted } from "#lib/otlp/traces/span.ts";
import { keptTraces, rankTraces, saveTrace } from "#lib/otlp/traces/store-traces.ts";
import { TraceBuffer } from "#lib/otlp/traces/trace-buffer.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** How often what was counted is stored. */
const FLUSH_MS = 10 * SECOND_MS;
/** So many spans are remembered at least, so that one that is sent again is not counted again. */
const REMEMBERED = 50_000;
/** What waits to be stored may take so many series; then senders are asked to wait. */
const MAX_WAITING = 20_000;

type Own = { input: InputCaller; rates: SpanRates; traces: TraceBuffer; waiting: IncomingSeries[] };

/** Counts spans as they come and stores what they come to now and then: a kill loses what came within ten seconds. */
export class TraceReceiver {
  readonly #db: Database;
  readonly #seen = new RecentIds(REMEMBERED);
  readonly #inputs = new Map<number, Own>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Takes the spans of an input. @throws DomainError unavailable while what came before cannot be stored */
  add(input: InputCaller, spans: ReadSpan[], now: number): void {
    const own = this.#of(input);
    if (own.waiting.length > MAX_WAITING)
      throw new DomainError("unavailable", "Spans cannot be stored now: send them again", { retryAfterSeconds: 30 });
    for (const span of spans) {
      if (!this.#seen.add(`${input.hostId} ${span.traceId} ${span.spanId}`)) continue;
      if (isCounted(span.kind)) own.rates.add(span);
      own.traces.add(span, own.rates.nameOf(span), now);
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  #of(input: InputCaller): Own {
    const own = this.#inputs.get(input.hostId);
    if (own) {
      own.input = input;
      return own;
    }
    const fresh = { input, rates: new SpanRates(), traces: new TraceBuffer(), waiting: [] };
    this.#inputs.set(input.hostId, fresh);
    return fresh;
  }

  /** Stores what was counted until now; what fails is tried again at the next time. */
  flush(now = Date.now()): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(async () => {
      for (const own of this.#inputs.values())
        await this.#flushInput(own, now).catch((error: unknown) => {
          log.warn({ reason: reasonOf(error), input: own.input.name }, "spans are not stored yet");
          this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
        });
    });
    return this.#flushing;
  }

  async #flushInput({ input, rates, traces, waiting }: Own, now: number): Promise<void> {
    if (!rates.isEmpty) waiting.push(...(await this.#addUp(input, rates, now)));
    if (waiting.length > 0) {
      await storeIncoming(this.#db, input, waiting, now);
      waiting.length = 0;
    }
    await rankTraces(this.#db, input.hostId, traces.takeCandidates());
    for (const traceId of await keptTraces(this.#db, input.hostId, traces.unsaved())) {
      const trace = traces.spansOf(traceId);
      await saveTrace(this.#db, input.hostId, trace);
      traces.noteSaved(trace);
    }
    traces.forgetQuiet(now);
  }

  async #addUp({ hostId }: InputCaller, rates: SpanRates, now: number): Promise<IncomingSeries[]> {
    const points = rates.take(now, now - FLUSH_MS);
    try {
      const keyed = points.map((point) => ({ point, key: streamKey(point.stream) }));
      const additions = keyed.map(({ key, point: { at, values } }) => ({ key, at, values }));
      const found = await addTotals(this.#db, hostId, additions, true);
      return keyed.flatMap(({ key, point }) => {
        const totals = found.get(key.toString("hex"));
        if (!totals) return [];
        return seriesOf({ ...point, at: totals.at, values: totals.totals }, samplesBefore(point, totals));
      });
    } catch (error) {
      rates.giveBack(points);
      throw error;
    }
  }
}

const shared = globalThis as typeof globalThis & { sightlineTraces?: WeakMap<Database, TraceReceiver> };

/** The receiver of a process; the same one when a bundler loads this module twice. */
export function traceReceiver(db: Database): TraceReceiver {
  shared.sightlineTraces ??= new WeakMap();
  let receiver = shared.sightlineTraces.get(db);
  if (!receiver) {
    receiver = new TraceReceiver(db);
    shared.sightlineTraces.set(db, receiver);
  }
  return receiver;
}
