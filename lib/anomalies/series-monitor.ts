import { anomalyConfidence, anomalySeverity } from "#lib/anomalies/confidence.ts";
import { anomalyScore, type Detector, type Explanation, type Judgement } from "#lib/anomalies/detector.ts";
import { anomalyPattern, type DetectionPolicy, feedbackFactor } from "#lib/anomalies/policy.ts";
import type { RunningAnomaly } from "#lib/anomalies/read-feedback.ts";
import { anomalyReason, thresholdReason } from "#lib/anomalies/reason.ts";
import type { AnomalyUpdate } from "#lib/anomalies/record-anomalies.ts";
import { THRESHOLD_START, type ThresholdState, updateThresholdState } from "#lib/anomalies/thresholds.ts";
import type { AnomalySource, Severity } from "#lib/contract/enums.ts";
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

/** One monitored series: its detector, its threshold, and the anomalies that go on. Pure but for its own state. */
export class SeriesMonitor {
  readonly series: SeriesInfo;
  readonly detector: Detector;
  upTo: number;
  #threshold: ThresholdState = THRESHOLD_START;
  #running = new Map<AnomalySource, AnomalyUpdate>();

  /** `upTo` is the minute (ms) that was observed last; `running` are the anomalies that had not ended then. */
  constructor(series: SeriesInfo, detector: Detector, upTo: number, running: RunningAnomaly[]) {
    this.series = series;
    this.detector = detector;
    this.upTo = upTo;
    for (const anomaly of running) this.#resume(anomaly);
  }

  #resume(anomaly: RunningAnomaly): void {
    const { source } = anomaly;
    this.#running.set(source, {
      ...anomaly,
      ...this.#names(),
      type: source === "threshold" ? "threshold" : "spike",
      direction: "up",
      severity: "info",
      reason: "",
      ...{ score: 0, evidence: 0, confidence: 0, value: 0, expected: 0, deviation: 0 },
    });
    if (source === "threshold") this.#threshold = { exceeded: true, streak: 0 };
  }

  #names() {
    return { seriesId: this.series.id, metric: this.series.metric, series: this.series.name };
  }

  /** Goes on after the minute `upTo` (ms), since what was observed later is of a wrong clock; answers the anomalies that end with that. */
  rewind(upTo: number): AnomalyUpdate[] {
    this.upTo = upTo;
    return [...this.#running.values()]
      .filter(({ lastAt }) => lastAt > upTo)
      .map((running) => this.#end(running, running.lastAt));
  }

  /** Takes in the mean of the minute at `at` (ms) and answers the anomalies that began, grew or ended with it. */
  observe(at: number, value: number, context: ObservationContext): AnomalyUpdate[] {
    this.upTo = at;
    const { policy, offsetMs } = context;
    const judgement = this.detector.observe(at + offsetMs, value, policy);
    const learned = this.#observeLearned(at, value, judgement, context);
    const crossed = policy.threshold === undefined ? undefined : this.#observeThreshold(at, value, policy.threshold);
    return [learned, crossed].filter((update) => update !== undefined);
  }

  #observeLearned(
    at: number,
    value: number,
    judgement: Judgement,
    { policy, falseAlarms, offsetMs }: ObservationContext,
  ): AnomalyUpdate | undefined {
    const running = this.#running.get("learned");
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
    return this.#keep("learned", details, at);
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

  #observeThreshold(at: number, value: number, threshold: number): AnomalyUpdate | undefined {
    const before = this.#threshold.exceeded;
    this.#threshold = updateThresholdState(this.#threshold, value, threshold);
    const running = this.#running.get("threshold");
    if (!this.#threshold.exceeded) return before && running ? this.#end(running, at) : undefined;
    const details = !running || value > running.value ? this.#describeThreshold(value, threshold) : running;
    return this.#keep("threshold", details, at);
  }

  #describeThreshold(value: number, threshold: number) {
    const { unit, kind } = this.series;
    const { expected, deviation } = this.detector.expectation();
    // Half of the way from the threshold to what cannot be exceeded, or twice the threshold.
    const grave = unit === "percent" ? value >= (threshold + 100) / 2 : value >= 2 * threshold;
    const severity: Severity = grave ? "critical" : "warning";
    return {
      ...this.#names(),
      ...{ type: "threshold" as const, direction: "up" as const, value, expected, deviation, confidence: 1, severity },
      evidence: value / threshold,
      score: anomalyScore(value / threshold, 1),
      reason: thresholdReason(threshold, { value, unit, rate: isCumulative(kind) }),
    };
  }

  /** The anomaly of a source goes on at `at` (ms), or begins. */
  #keep(source: AnomalySource, details: AnomalyDetails, at: number): AnomalyUpdate {
    const detectedAt = this.#running.get(source)?.detectedAt ?? at;
    const update = { ...details, source, detectedAt, lastAt: at, endedAt: null };
    this.#running.set(source, update);
    return update;
  }

  #endIfOver(running: AnomalyUpdate, at: number): AnomalyUpdate | undefined {
    return at - running.lastAt >= OVER_MS ? this.#end(running, running.lastAt) : undefined;
  }

  #end(running: AnomalyUpdate, at: number): AnomalyUpdate {
    this.#running.delete(running.source);
    return { ...running, lastAt: Math.max(running.lastAt, at), endedAt: at };
  }
}
