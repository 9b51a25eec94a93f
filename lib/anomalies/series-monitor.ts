import { confidenceOf, severityOf } from "#lib/anomalies/confidence.ts";
import { type Detector, type Explanation, scoreOf, type Verdict } from "#lib/anomalies/detector.ts";
import { feedbackFactor, type Policy, patternOf } from "#lib/anomalies/policy.ts";
import { limitReason, reasonFor } from "#lib/anomalies/reason.ts";
import { LIMIT_START, type LimitState, watchLimit } from "#lib/anomalies/thresholds.ts";
import type { EventNow } from "#lib/anomalies/write.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** So long (ms) without evidence, and an event has ended. The detector itself tells no new one for a while longer. */
const OVER_MS = 10 * MINUTE_MS;

/** When a pattern (type and direction) was called a false alarm, in ms. */
export type FalseAlarms = Map<string, number[]>;

type Event = Pick<EventNow, "byLimit" | "detectedAt" | "lastAt" | "endedAt">;

/** While less than this (ms) is known of a series, half as much again is asked of what is told: its seasons are being met for the first time. */
const YOUNG_MS = 2 * DAY_MS;
const YOUNG = 1.5;

/** How a series is judged: its policy, the false alarms among its past events, and the zone's offset at an instant. */
export type Terms = { policy: Policy; falseAlarms: FalseAlarms; offsetMs: number };

/** One series under watch: its detector, its limit, and the events that run. Pure but for its own state. */
export class SeriesWatch {
  readonly series: SeriesInfo;
  readonly detector: Detector;
  upTo: number;
  #limit: LimitState = LIMIT_START;
  #running = new Map<boolean, EventNow>();

  constructor(series: SeriesInfo, detector: Detector, upTo: number, running: Event[]) {
    this.series = series;
    this.detector = detector;
    this.upTo = upTo;
    for (const event of running) this.#resume(event);
  }

  #resume(event: Event): void {
    const known: EventNow = {
      ...event,
      ...this.#name(),
      type: event.byLimit ? "limit" : "spike",
      direction: "up",
      severity: "info",
      reason: "",
      ...{ score: 0, evidence: 0, confidence: 0, value: 0, expected: 0, deviation: 0 },
    };
    this.#running.set(event.byLimit, known);
    if (event.byLimit) this.#limit = { raised: true, streak: 0 };
  }

  #name() {
    return { seriesId: this.series.id, metric: this.series.metric, series: this.series.name };
  }

  /** Takes in the mean of the minute at `at` (ms) and answers the events that began, grew or ended with it. */
  observe(at: number, value: number, terms: Terms): EventNow[] {
    this.upTo = at;
    const { policy } = terms;
    const verdict = this.detector.observe(at + terms.offsetMs, value, policy);
    const learned = this.#learned(at, value, verdict, terms);
    const limited = policy.limit === undefined ? undefined : this.#limited(at, value, policy.limit, terms.offsetMs);
    return [learned, limited].filter((event) => event !== undefined);
  }

  #learned(
    at: number,
    value: number,
    verdict: Verdict,
    { policy, falseAlarms, offsetMs }: Terms,
  ): EventNow | undefined {
    const event = this.#running.get(false);
    const young = at + offsetMs - this.detector.expectation().since < YOUNG_MS;
    const bar = policy.bar * (young ? YOUNG : 1);
    if (verdict.evidence < bar) return event && this.#endIfOver(event, at);
    const explanation = this.detector.explain();
    const past = falseAlarms.get(patternOf(explanation.type, explanation.direction)) ?? [];
    const evidence = verdict.evidence / feedbackFactor(past, at);
    if (evidence < bar) return event && this.#endIfOver(event, at);
    const grown = !event || evidence > event.evidence;
    const told = grown ? this.#tell(at + offsetMs, value, evidence, explanation, policy.bar) : event;
    return this.#run({ ...told, byLimit: false, detectedAt: event?.detectedAt ?? at, lastAt: at, endedAt: null });
  }

  #tell(localAt: number, value: number, evidence: number, explanation: Explanation, bar: number) {
    const { unit, kind } = this.series;
    const { type, direction, expected, deviation } = explanation;
    const confidence = confidenceOf(evidence);
    return {
      ...this.#name(),
      ...{ type, direction, value, expected, deviation, evidence, confidence },
      score: scoreOf(evidence, bar),
      severity: severityOf(confidence),
      reason: reasonFor(explanation, { value, at: localAt, unit, rate: isCumulative(kind) }),
    };
  }

  #limited(at: number, value: number, limit: number, offsetMs: number): EventNow | undefined {
    const was = this.#limit.raised;
    this.#limit = watchLimit(this.#limit, value, limit);
    const event = this.#running.get(true);
    if (!this.#limit.raised) return was && event ? this.#end(event, at) : undefined;
    const { unit, kind } = this.series;
    const { expected, deviation } = this.detector.expectation();
    // Half of the way from the limit to what cannot be exceeded, or twice the limit.
    const grave = unit === "percent" ? value >= (limit + 100) / 2 : value >= 2 * limit;
    const worse = !event || value > event.value;
    const told = worse
      ? {
          ...this.#name(),
          ...{ type: "limit" as const, direction: "up", value, expected, deviation, confidence: 1 },
          evidence: value / limit,
          score: scoreOf(value / limit, 1),
          severity: grave ? ("critical" as const) : ("warning" as const),
          reason: limitReason(limit, { value, at: at + offsetMs, unit, rate: isCumulative(kind) }),
        }
      : event;
    return this.#run({ ...told, byLimit: true, detectedAt: event?.detectedAt ?? at, lastAt: at, endedAt: null });
  }

  #run(event: EventNow): EventNow {
    this.#running.set(event.byLimit, event);
    return event;
  }

  #endIfOver(event: EventNow, at: number): EventNow | undefined {
    return at - event.lastAt >= OVER_MS ? this.#end(event, event.lastAt) : undefined;
  }

  #end(event: EventNow, at: number): EventNow {
    this.#running.delete(event.byLimit);
    return { ...event, lastAt: Math.max(event.lastAt, at), endedAt: at };
  }
}
