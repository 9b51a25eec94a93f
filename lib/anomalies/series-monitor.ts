import { anomalyConfidence, anomalySeverity } from "#lib/anomalies/confidence.ts";
import { anomalyScore, type Detector, type Explanation, type Judgement } from "#lib/anomalies/detector.ts";
import { anomalyPattern, type DetectionPolicy, feedbackFactor } from "#lib/anomalies/policy.ts";
import type { RunningAnomaly } from "#lib/anomalies/read-feedback.ts";
import { anomalyReason } from "#lib/anomalies/reason.ts";
import type { AnomalyUpdate } from "#lib/anomalies/record-anomalies.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** So long (ms) without evidence, and an anomaly has ended. The detector itself begins no new one for a while longer. */
const OVER_MS = 10 * MINUTE_MS;

/** When a pattern (type and direction) was marked as a false alarm, in ms. */
export type FalseAlarms = Map<string, number[]>;

/** While less than this (ms) is known of a series, half as much evidence again is needed: its seasons are met for the first time. */
const YOUNG_MS = 2 * DAY_MS;
const YOUNG_FACTOR = 1.5;

/** How a sample is judged: the policy, the false alarms among the series' past anomalies, and the zone's offset (ms) then. */
export type ObservationContext = { policy: DetectionPolicy; falseAlarms: FalseAlarms; offsetMs: number };

/** What is said of an anomaly, apart from its source and its times. */
type AnomalyDetails = Omit<AnomalyUpdate, "source" | "detectedAt" | "lastAt" | "endedAt">;

/** One monitored series: its detector, and the anomaly that goes on. Pure but for its own state. */
export class SeriesMonitor {
  readonly series: SeriesInfo;
  readonly detector: Detector;
  upTo: number;
  #running: AnomalyUpdate | undefined;

  /** `upTo` is the minute (ms) that was observed last; `running` is the anomaly that had not ended then. */
  constructor(series: SeriesInfo, detector: Detector, upTo: number, running: RunningAnomaly | undefined) {
    this.series = series;
    this.detector = detector;
    this.upTo = upTo;
    if (running) this.#resume(running);
  }

  #resume(anomaly: RunningAnomaly): void {
    this.#running = {
      ...anomaly,
      ...this.#names(),
      ...{ type: "spike", direction: "up", severity: "info", reason: "" },
      ...{ score: 0, evidence: 0, confidence: 0, value: 0, expected: 0, deviation: 0 },
    };
  }

  #names() {
    return { seriesId: this.series.id, metric: this.series.metric, series: this.series.name };
  }

  /** Goes on after the minute `upTo` (ms), since what was observed later is of a wrong clock; answers the anomaly that ends with that. */
  rewind(upTo: number): AnomalyUpdate | undefined {
    this.upTo = upTo;
    const running = this.#running;
    return running && running.lastAt > upTo ? this.#end(running, running.lastAt) : undefined;
  }

  /** Takes in the mean of the minute at `at` (ms) and answers the anomaly that began, grew or ended with it. */
  observe(at: number, value: number, context: ObservationContext): AnomalyUpdate | undefined {
    this.upTo = at;
    const judgement = this.detector.observe(at + context.offsetMs, value, context.policy);
    return this.#judge(at, value, judgement, context);
  }

  #judge(
    at: number,
    value: number,
    judgement: Judgement,
    { policy, falseAlarms, offsetMs }: ObservationContext,
  ): AnomalyUpdate | undefined {
    const running = this.#running;
    const young = at + offsetMs - this.detector.expectation().since < YOUNG_MS;
    const needed = policy.alertThreshold * (young ? YOUNG_FACTOR : 1);
    if (judgement.evidence < needed) return running && this.#endIfOver(running, at);
    const explanation = this.detector.explain();
    const past = falseAlarms.get(anomalyPattern(explanation.type, explanation.direction)) ?? [];
    const evidence = judgement.evidence / feedbackFactor(past, at);
    if (evidence < needed) return running && this.#endIfOver(running, at);
    const worse = !running || evidence > running.evidence;
    const details = worse
      ? this.#describe(at + offsetMs, value, evidence, explanation, policy.alertThreshold)
      : running;
    return this.#keep(details, at);
  }

  #describe(localAt: number, value: number, evidence: number, explanation: Explanation, alertThreshold: number) {
    const { unit, kind } = this.series;
    const { type, direction, expected, deviation } = explanation;
    const confidence = anomalyConfidence(evidence);
    return {
      ...this.#names(),
      ...{ type, direction, value, expected, deviation, evidence, confidence },
      score: anomalyScore(evidence, alertThreshold),
      severity: anomalySeverity(confidence),
      reason: anomalyReason(explanation, { value, at: localAt, unit, rate: isCumulative(kind) }),
    };
  }

  /** The anomaly goes on at `at` (ms), or begins. */
  #keep(details: AnomalyDetails, at: number): AnomalyUpdate {
    const detectedAt = this.#running?.detectedAt ?? at;
    const update: AnomalyUpdate = { ...details, source: "learned", detectedAt, lastAt: at, endedAt: null };
    this.#running = update;
    return update;
  }

  #endIfOver(running: AnomalyUpdate, at: number): AnomalyUpdate | undefined {
    return at - running.lastAt >= OVER_MS ? this.#end(running, running.lastAt) : undefined;
  }

  #end(running: AnomalyUpdate, at: number): AnomalyUpdate {
    this.#running = undefined;
    return { ...running, lastAt: Math.max(running.lastAt, at), endedAt: at };
  }
}
