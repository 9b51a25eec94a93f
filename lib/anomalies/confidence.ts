import type { Severity } from "#lib/contract/enums.ts";

/**
 * How likely (0 to 1) an anomaly of this evidence (decades) is a true one: the share of the detector's alarms that lay in a labelled window, on
 * the 29 open series of the Numenta Anomaly Benchmark, by the highest evidence that the anomaly reached (docs/detection.md
 * has the table). A logistic curve through six groups of 20 alarms.
 */
export const anomalyConfidence = (evidence: number): number => 1 / (1 + Math.exp(-1.3 * (evidence - 1.7)));

/** The severity of a confidence (0 to 1): below even odds nobody is to be woken, from nine in ten on somebody is. */
export function anomalySeverity(confidence: number): Severity {
  return confidence >= 0.9 ? "critical" : confidence >= 0.5 ? "warning" : "info";
}
