import type { KeptSpan, ReadSpan } from "#lib/otlp/traces/read-spans.ts";
import { isEntry } from "#lib/otlp/traces/span.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

export const MAX_TRACE_SPANS = 200;
/** So many spans wait for the end of their trace. */
const MAX_SPANS = 10_000;
/** A trace of which nothing came for so long is over. */
const QUIET_MS = MINUTE_MS;
/** So many traces of each kind are kept of an operation and hour. */
export const KEPT_OF_EACH = 5;

export type RankReason = "slow" | "failed";
/** A trace that may be among the slowest or the failed ones. `duration` is in seconds, times in ms. */
export type Candidate = {
  hour: number;
  service: string;
  operation: string;
  reason: RankReason;
  traceId: string;
  duration: number;
  startedAt: number;
};

export type WaitingTrace = { traceId: string; spans: KeptSpan[]; dropped: number };
type Entry = { read: ReadSpan[]; dropped: number; saved: number; touchedAt: number };

/** Holds the spans of recent traces, until it is known which of them are kept. */
export class TraceBuffer {
  readonly #traces = new Map<string, Entry>();
  #candidates = new Map<string, Candidate[]>();
  #spans = 0;

  add(span: ReadSpan, name: { service: string; operation: string }, now: number): void {
    const { traceId } = span;
    const entry = this.#traces.get(traceId) ?? { read: [], dropped: 0, saved: 0, touchedAt: now };
    entry.touchedAt = now;
    // The oldest is first, so that the first are forgotten.
    this.#traces.delete(traceId);
    this.#traces.set(traceId, entry);
    if (entry.read.length >= MAX_TRACE_SPANS) entry.dropped += 1;
    else {
      entry.read.push(span);
      this.#spans += 1;
    }
    while (this.#spans > MAX_SPANS) this.#forget(this.#traces.keys().next().value ?? "");
    if (isEntry(span.kind)) this.#offer(span, name);
  }

  #forget(traceId: string): void {
    this.#spans -= this.#traces.get(traceId)?.read.length ?? 0;
    this.#traces.delete(traceId);
  }

  #offer(
    { traceId, duration, startedAt, failed }: ReadSpan,
    { service, operation }: { service: string; operation: string },
  ): void {
    const hour = Math.floor(startedAt / HOUR_MS) * HOUR_MS;
    for (const reason of failed ? (["slow", "failed"] as const) : (["slow"] as const)) {
      const key = JSON.stringify([hour, service, operation, reason]);
      const candidate = { hour, service, operation, reason, traceId, duration, startedAt };
      const others = (this.#candidates.get(key) ?? []).filter((other) => other.traceId !== traceId);
      const best = [...others, candidate].sort((a, b) =>
        reason === "slow" ? b.duration - a.duration : b.startedAt - a.startedAt,
      );
      this.#candidates.set(key, best.slice(0, KEPT_OF_EACH));
    }
  }

  /** Takes out the traces that were offered since it was last asked. */
  takeCandidates(): Candidate[] {
    const all = [...this.#candidates.values()].flat();
    this.#candidates = new Map();
    return all;
  }

  /** The traces of which spans have come that are not stored. */
  unsaved(): string[] {
    return [...this.#traces].filter(([, { read, saved }]) => read.length > saved).map(([traceId]) => traceId);
  }

  /** The spans of a trace as they are kept. */
  spansOf(traceId: string): WaitingTrace {
    const { read = [], dropped = 0 } = this.#traces.get(traceId) ?? {};
    return { traceId, spans: read.map(({ keep }) => keep()), dropped };
  }

  /** Notes that so many spans of a trace are stored. */
  noteSaved({ traceId, spans }: WaitingTrace): void {
    const entry = this.#traces.get(traceId);
    if (entry) Object.assign(entry, { saved: spans.length, dropped: 0 });
  }

  /** Forgets traces that are over. */
  forgetQuiet(now: number): void {
    for (const [traceId, { touchedAt }] of this.#traces) {
      if (now - touchedAt < QUIET_MS) return;
      this.#forget(traceId);
    }
  }
}
